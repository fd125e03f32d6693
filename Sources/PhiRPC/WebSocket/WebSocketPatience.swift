import NIOCore
import NIOWebSocket

/// Watches over one WebSocket: pings a silent client, ends one that stays silent, leaves its
/// events unread, or sends frames that are not masked.
final class WebSocketPatience: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let limits: RPCLimits
    private var heardAt = NIODeadline.now()
    private var pingedAt: NIODeadline?
    private var stalledSince: NIODeadline?
    private var timer: RepeatedTask?

    init(limits: RPCLimits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) {
        let shortest = min(limits.idleTimeout, limits.stallTimeout).nanoseconds
        let period = TimeAmount.nanoseconds(max(10_000_000, shortest / 4))
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleRepeatedTask(initialDelay: period, delay: period) { _ in
            bound.value.handler.check(bound.value.context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        heardAt = .now()
        pingedAt = nil
        guard unwrapInboundIn(data).maskKey != nil else {
            return WebSocketRefusal.close(context, .protocolError)
        }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stalledSince = context.channel.isWritable ? nil : .now()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            let channel = context.channel
            context.eventLoop.scheduleTask(in: limits.farewell) { channel.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func check(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        let isStalled = stalledSince.map { now - $0 > limits.stallTimeout } ?? false
        let half = TimeAmount.nanoseconds(limits.idleTimeout.nanoseconds / 2)
        if isStalled || pingedAt.map({ now - $0 > half }) ?? false {
            context.close(promise: nil)
        } else if pingedAt == nil, now - heardAt > half {
            pingedAt = now
            let ping = WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
            context.writeAndFlush(wrapOutboundOut(ping), promise: nil)
        }
    }
}
