import NIOCore

/// The peer has said nothing for longer than the idle time allows.
struct Silence: Error {}

/// Turns decrypted bytes into frames, and keeps the peer's time.
///
/// Only time in which this node was asking for bytes counts against the peer: a node that is slow to
/// take frames in stops reading, and must not blame the peer for the silence that follows.
final class FrameHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Frame
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let bodyLimit: @Sendable (UInt8) -> Int?
    private var processor: NIOSingleStepByteToMessageProcessor<FrameDecoder>
    private var hasLargeBuffer = false
    private let policy: TransportPolicy
    private let inbox: Inbox
    private let idleTimeout: TimeAmount
    private let frameTimeout: TimeAmount
    private var askingSince: NIODeadline?
    private var frameWait = TimeAmount.zero
    private var watch: Scheduled<Void>?
    private var isEnding = false
    private var discardedBytes = 0

    init(
        policy: TransportPolicy,
        inbox: Inbox,
        bodyLimit: @escaping @Sendable (UInt8) -> Int?
    ) {
        self.policy = policy
        self.inbox = inbox
        idleTimeout = TimeAmount(policy.idleTimeout)
        frameTimeout = TimeAmount(policy.frameTimeout)
        self.bodyLimit = bodyLimit
        processor = FrameHandler.makeProcessor(bodyLimit)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // A read asked for before this handler came is still open.
        askingSince = context.eventLoop.now
        keepWatch(context: context, for: min(idleTimeout, watchInterval))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        endWatch()
    }

    func channelInactive(context: ChannelHandlerContext) {
        endWatch()
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        let loop = context.eventLoop
        let later = NIOLoopBound((handler: self, context: context), eventLoop: loop)
        let mayRead = inbox.mayRead {
            loop.execute { later.value.handler.ask(context: later.value.context) }
        }
        if mayRead { ask(context: context) }
    }

    private func ask(context: ChannelHandlerContext) {
        if askingSince == nil { askingSince = context.eventLoop.now }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else {
            discardedBytes += unwrapInboundIn(data).readableBytes
            return
        }
        if let since = askingSince {
            frameWait = frameWait + (context.eventLoop.now - since)
            askingSince = nil
        }
        do {
            try processor.process(buffer: unwrapInboundIn(data)) { frame in
                frameWait = .zero
                inbox.add(frame)
                context.fireChannelRead(wrapInboundOut(frame))
            }
        } catch {
            end(with: error, context: context)
        }
        settle()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Whoever still sends that much is not about to say farewell; TLS gives it a second.
        if isEnding, discardedBytes < Self.discardLimit { context.read() }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // What still comes is thrown away unread, so that the peer's own farewell is seen at once
        // even where reading had been paused.
        isEnding = true
        endWatch()
        context.close(mode: mode, promise: promise)
        context.read()
    }

    /// Bytes that are thrown away of a peer after its connection was ended here.
    static let discardLimit = 262_144

    private static func makeProcessor(
        _ bodyLimit: @escaping @Sendable (UInt8) -> Int?
    ) -> NIOSingleStepByteToMessageProcessor<FrameDecoder> {
        NIOSingleStepByteToMessageProcessor(
            FrameDecoder(bodyLimit: bodyLimit),
            maximumBufferSize: Frame.headByteCount + Frame.lengthLimit + TransportPolicy.sliceBytes
        )
    }

    /// Rests between frames, without the buffer that a large frame leaves behind.
    private func settle() {
        let waiting = processor.unprocessedBytes
        if waiting > TransportPolicy.sliceBytes { hasLargeBuffer = true }
        guard waiting == 0 else { return }
        frameWait = .zero
        guard hasLargeBuffer, !isEnding else { return }
        hasLargeBuffer = false
        processor = FrameHandler.makeProcessor(bodyLimit)
    }

    private func end(with error: any Error, context: ChannelHandlerContext) {
        isEnding = true
        endWatch()
        context.fireErrorCaught(error)
    }

    /// A frame's time is looked at this often, so it may be exceeded by a quarter.
    private var watchInterval: TimeAmount { .nanoseconds(max(1, frameTimeout.nanoseconds / 4)) }

    private func keepWatch(context: ChannelHandlerContext, for delay: TimeAmount) {
        watch = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            self.look(context: context)
        }
    }

    private func endWatch() {
        watch?.cancel()
        watch = nil
    }

    private func look(context: ChannelHandlerContext) {
        let now = context.eventLoop.now
        let silence = askingSince.map { now - $0 } ?? .zero
        if silence >= idleTimeout { return end(with: Silence(), context: context) }
        if processor.unprocessedBytes > 0, frameWait + silence >= frameTimeout {
            let violation = FrameViolation.unfinished(limit: policy.frameTimeout)
            return end(with: violation, context: context)
        }
        keepWatch(context: context, for: min(idleTimeout - silence, watchInterval))
    }
}
