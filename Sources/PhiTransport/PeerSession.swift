import Logging
import NIOCore
import NIOSSL

/// The life of one connection after its handshake.
struct PeerSession: Sendable {
    let connection: PeerConnection
    let events: PeerEvents
    let limits: TransferLimits
    let logger: Logger

    /// Speaks with the peer until either side ends it, and closes the socket.
    func run(_ frames: NIOAsyncChannel<Frame, ByteBuffer>) async {
        let isKept = await events.opened(connection)
        if !isKept { connection.close(reason: "not kept") }
        do {
            try await frames.executeThenClose { inbound, outbound in
                await converse(inbound, outbound, on: frames.channel)
            }
        } catch {
            // Closing a socket that is already gone; how it went is known from the conversation.
            logger.trace("a socket closed with an error", metadata: ["error": "\(error)"])
        }
        let departure = connection.outbox.departure ?? .closedByPeer
        logger.debug(
            "peer left",
            metadata: ["connection": "\(connection.id)", "departure": "\(departure)"]
        )
        if isKept { await events.closed(connection, departure) }
    }

    /// Reads and writes side by side until one of them has a reason to end.
    private func converse(
        _ inbound: NIOAsyncChannelInboundStream<Frame>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        on channel: any Channel
    ) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                await read(inbound)
                // Ends the pump, which may be waiting for a peer that does not read.
                channel.close(promise: nil)
            }
            await pump(outbound, on: channel)
            group.cancelAll()
        }
    }

    /// Hands the frames over, one at a time.
    private func read(_ inbound: NIOAsyncChannelInboundStream<Frame>) async {
        do {
            for try await frame in inbound where connection.outbox.departure == nil {
                try await limits.awaitTurn(of: frame, on: connection)
                await events.received(connection, frame)
                connection.inbox.remove(frame)
                try await connection.pause.wait()
            }
            connection.outbox.close(Task.isCancelled ? .shutdown : .closedByPeer)
        } catch {
            connection.outbox.close(PeerSession.departure(for: error))
        }
    }

    /// Writes what is queued; ends when the connection is closed and all is written.
    private func pump(
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        on channel: any Channel
    ) async {
        var unconfirmed = 0
        do {
            for await _ in connection.outbox.wakings {
                try await flush(outbound, on: channel, &unconfirmed)
            }
            guard !Task.isCancelled else {
                connection.outbox.close(.shutdown)
                return
            }
            try await flush(outbound, on: channel, &unconfirmed)
        } catch {
            connection.outbox.close(.closedByPeer)
        }
    }

    /// Writes the waiting frames in slices.
    ///
    /// A write only reaches the event loop's queue. Waiting for the loop after each slice's worth of
    /// bytes is what lets a slow peer hold the writer back.
    private func flush(
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        on channel: any Channel,
        _ unconfirmed: inout Int
    ) async throws {
        while true {
            let waiting = connection.outbox.take()
            guard !waiting.isEmpty else { return }
            var slicer = FrameSlicer(waiting, limit: limits.sliceBytes)
            while let slice = slicer.next() {
                try await limits.uploads?.pass(slice.bytes.readableBytes)
                try await outbound.write(slice.bytes)
                unconfirmed += slice.bytes.readableBytes
                if unconfirmed >= TransportPolicy.sliceBytes {
                    try await channel.eventLoop.submit {}.get()
                    unconfirmed = 0
                }
                connection.outbox.free(slice.freed)
            }
        }
    }

    private static func departure(for error: any Error) -> PeerDeparture {
        switch error {
        case let violation as FrameViolation: .violation(violation)
        case is Silence: .silent
        case is CancellationError: .shutdown
        case NIOSSLError.uncleanShutdown: .closedByPeer
        case is IOError: .closedByPeer
        default: .lost(description: "\(error)")
        }
    }
}
