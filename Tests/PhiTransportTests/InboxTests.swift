import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import PhiTransport

/// Counts the reads that reach the socket.
private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    let count = Atomic<Int>(0)

    func read(context: ChannelHandlerContext) {
        count.wrappingAdd(1, ordering: .relaxed)
        context.read()
    }
}

/// Keeps the error that ends a connection.
private final class ErrorCatcher: ChannelInboundHandler {
    typealias InboundIn = Frame

    var error: (any Error)?

    func errorCaught(context: ChannelHandlerContext, error: any Error) { self.error = error }
}

@Suite("What comes in from a peer") struct InboxTests {
    private let counter = ReadCounter()
    private let catcher = ErrorCatcher()
    private let inbox = Inbox(budget: 1_000)

    private func channel(
        _ change: (inout TransportPolicy) -> Void = { _ in }
    ) throws
        -> EmbeddedChannel
    {
        var policy = TransportPolicy()
        change(&policy)
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers([
            counter, FrameHandler(policy: policy, inbox: inbox) { _ in Frame.lengthLimit }, catcher,
        ])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func bytes(of frame: Frame) throws -> ByteBuffer {
        var slicer = FrameSlicer([frame], limit: 1 << 21)
        let slice = slicer.next()
        return try #require(slice).bytes
    }

    private func reads() -> Int { counter.count.load(ordering: .relaxed) }

    @Test(
        "is read while less than the budget waits, and not from the budget on",
        arguments: [0, 1]
    )
    func budget(missing: Int) throws {
        let channel = try channel()
        let frame = Frame(type: 1, body: [UInt8](repeating: 0, count: 1_000 - 69 - missing))
        #expect(Inbox.charge(for: frame) == 1_000 - missing)
        try channel.writeInbound(try bytes(of: frame))
        #expect(inbox.waitingBytes == 1_000 - missing)
        let before = reads()
        channel.read()
        channel.embeddedEventLoop.run()
        #expect(reads() == before + missing)
        inbox.remove(frame)
        channel.embeddedEventLoop.run()
        #expect(reads() == before + 1)
        #expect(inbox.waitingBytes == 0)
        channel.read()
        #expect(reads() == before + 2)
    }

    @Test("is refused when a message is cut short and silence follows", arguments: [29, 30])
    func truncated(seconds: Int64) throws {
        let channel = try channel { $0.idleTimeout = .seconds(90) }
        channel.read()
        try channel.writeInbound(ByteBuffer(bytes: [9, 0, 0, 0, 1, 7]))
        channel.read()
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
        let isOver = catcher.error as? FrameViolation == .unfinished(limit: .seconds(30))
        #expect(isOver == (seconds == 30))
    }

    @Test("is refused when a byte comes now and then, within a quarter more than the time")
    func dripping() throws {
        let channel = try channel()
        try channel.writeInbound(ByteBuffer(bytes: [99, 0, 0, 0, 1]))
        var seconds = 0
        while catcher.error == nil, seconds < 60 {
            channel.read()
            channel.embeddedEventLoop.advanceTime(by: .seconds(10))
            seconds += 10
            if catcher.error == nil { try channel.writeInbound(ByteBuffer(bytes: [0])) }
        }
        #expect((30...40).contains(seconds))
        #expect(catcher.error as? FrameViolation == .unfinished(limit: .seconds(30)))
    }

    @Test("is refused when nothing comes at all", arguments: [24, 25])
    func silence(seconds: Int64) throws {
        let channel = try channel()
        channel.read()
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
        #expect((catcher.error is Silence) == (seconds == 25))
    }

    @Test("is thrown away after a broken frame, and no longer read past a limit")
    func discarded() throws {
        let channel = try channel()
        try channel.writeInbound(ByteBuffer(repeating: 0xff, count: 4))
        #expect(catcher.error is FrameViolation)
        var before = reads()
        try channel.writeInbound(ByteBuffer(repeating: 0, count: FrameHandler.discardLimit - 1))
        #expect(reads() == before + 1)
        before = reads()
        try channel.writeInbound(ByteBuffer(repeating: 0, count: 1))
        #expect(reads() == before)
    }

    @Test("is not blamed for silence while nothing is read")
    func held() throws {
        let channel = try channel()
        let frame = Frame(type: 1, body: [UInt8](repeating: 0, count: 2_000))
        channel.read()
        try channel.writeInbound(try bytes(of: frame))
        channel.read()
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(catcher.error == nil)
        inbox.remove(frame)
        channel.embeddedEventLoop.run()
        channel.embeddedEventLoop.advanceTime(by: .seconds(90))
        #expect(catcher.error is Silence)
    }
}

@Suite("A pause in reading", .timeLimit(.minutes(1))) struct ReadingPauseTests {
    @Test("is over when its time is over, and is none without a wish")
    func none() async throws {
        let pause = ReadingPause()
        try await pause.wait()
        pause.extend(for: .zero)
        pause.extend(for: .seconds(-5))
        try await pause.wait()
        pause.extend(for: .milliseconds(1))
        try await pause.wait()
    }

    @Test("ends at once when the task is cancelled")
    func cancellation() async {
        let pause = ReadingPause()
        pause.extend(for: .seconds(1_000_000))
        let task = Task { try await pause.wait() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("keeps a peer's frames in its own socket, and ends at once when the connection does")
    func connection() async throws {
        let (links, teller) = AsyncStream<PeerConnection>.makeStream()
        let listener = try TestNode(
            1,
            hears: { _ in
                for await link in links {
                    link.pauseReading(for: .seconds(3_600))
                    return
                }
            }
        )
        let dialer = try TestNode(2, listens: false)
        try await listener.run { address in
            try await dialer.run { _ in
                let out = try await dialer.connect(to: address)
                let link = try await listener.next(\.opened)
                teller.yield(link)
                teller.finish()
                var accepted = 0
                let body = [UInt8](repeating: 1, count: 400_000)
                for _ in 0..<200 {
                    accepted += out.send(Frame(type: 1, body: body)) ? 1 : 0
                    await Task.yield()
                    // One frame more than the budget, while one that is longer is under way.
                    #expect(link.unreadBytes <= TransportPolicy.waitingFrameBytes + body.count + 69)
                }
                #expect(accepted < 200)
                while link.unreadBytes < body.count {
                    _ = out.send(Frame(type: 1, body: body))
                    await Task.yield()
                }
                // The first frame stops the reading; more may not come, however slow the machine is.
                _ = try await listener.next(\.received)
                link.close(reason: "enough")
                var heard = 1
                let departure = try await listener.next { news in
                    heard += news.received == nil ? 0 : 1
                    return news.closed
                }
                #expect(heard == 1)
                #expect(departure == .closedHere(reason: "enough"))
            }
        }
    }
}
