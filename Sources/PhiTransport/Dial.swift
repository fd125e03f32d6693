import NIOCore
import NIOPosix
import Synchronization

/// One try to reach a peer, which may race several sockets for one name.
///
/// A dial can be given up at once: the sockets are closed, and whatever still succeeds afterwards is
/// closed too.
final class Dial: Sendable {
    private struct State {
        var attempts: [(channel: any Channel, established: EventLoopFuture<EstablishedPeer>)] = []
        var isAbandoned = false
    }

    private let state = Mutex(State())

    /// Connects and waits for the peer's proof.
    /// - Parameters:
    ///   - address: Where to dial.
    ///   - timeout: How long the connecting may take.
    ///   - prepare: Adds the handlers to a new socket.
    /// - Returns: The connection, with the key that the peer proved.
    /// - Throws: Why there is none.
    func run(
        _ address: PeerAddress,
        timeout: Duration,
        prepare: @escaping @Sendable (any Channel) throws -> EventLoopFuture<EstablishedPeer>
    ) async throws(DialFailure) -> EstablishedPeer {
        let group = MultiThreadedEventLoopGroup.singleton
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(timeout))
            .frugal()
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try self.adopt(channel, prepare: prepare)
                }
            }
        let connecting =
            if let literal = try? SocketAddress(ipAddress: address.host, port: Int(address.port)) {
                bootstrap.connect(to: literal)
            } else {
                bootstrap.connect(host: address.host, port: Int(address.port))
            }
        let channel: any Channel
        do {
            channel = try await abandonable(connecting)
        } catch is CancellationError {
            throw .shutdown
        } catch {
            throw .unreachable(description: "\(error)")
        }
        return try await proof(on: channel)
    }

    private func proof(on channel: any Channel) async throws(DialFailure) -> EstablishedPeer {
        let attempts = state.withLock { $0.attempts }
        guard let attempt = attempts.first(where: { $0.channel === channel }) else {
            throw .handshake(.closed)
        }
        do {
            return try await abandonable(attempt.established)
        } catch let failure as HandshakeFailure {
            throw .handshake(failure)
        } catch {
            throw .shutdown
        }
    }

    private func adopt(
        _ channel: any Channel,
        prepare: @Sendable (any Channel) throws -> EventLoopFuture<EstablishedPeer>
    ) throws {
        let established = try prepare(channel)
        try state.withLock { state in
            guard !state.isAbandoned else { throw CancellationError() }
            state.attempts.append((channel, established))
        }
    }

    /// Waits for a result, but no longer than the task lives.
    private func abandonable<Value: Sendable>(
        _ future: EventLoopFuture<Value>
    ) async throws -> Value {
        let promise = future.eventLoop.makePromise(of: Value.self)
        future.cascade(to: promise)
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
            abandon()
        }
    }

    private func abandon() {
        let attempts = state.withLock { state in
            state.isAbandoned = true
            return state.attempts
        }
        for attempt in attempts { attempt.channel.close(promise: nil) }
    }
}
