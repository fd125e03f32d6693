import NIOCore
import NIOTLS
import PhiClient

/// Sends one message after another, each when the one before has come back whole.
final class RoundTrips: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let count: Int
    private let bytes: Int
    private let result: EventLoopPromise<[Double]>
    private var seconds: [Double] = []
    private var missing = 0
    private var start = ContinuousClock.now

    init(count: Int, bytes: Int, result: EventLoopPromise<[Double]>) {
        self.count = count
        self.bytes = bytes
        self.result = result
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { send(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        missing -= unwrapInboundIn(data).readableBytes
        guard missing <= 0 else { return }
        seconds.append(start.duration(to: .now).inSeconds)
        if seconds.count == count { result.succeed(seconds) } else { send(context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        result.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        result.fail(MeasureFailure.answer("the echo went away"))
    }

    private func send(_ context: ChannelHandlerContext) {
        missing = bytes
        start = .now
        let message = context.channel.allocator.buffer(repeating: 7, count: bytes)
        context.writeAndFlush(wrapOutboundOut(message), promise: nil)
    }
}
