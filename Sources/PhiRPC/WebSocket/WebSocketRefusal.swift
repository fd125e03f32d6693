import NIOCore
import NIOWebSocket

/// Ends a WebSocket whose frames break the protocol or a limit, and says so to the client.
final class WebSocketRefusal: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOWebSocketFrameAggregator.Error {
            Self.close(context, .messageTooLarge)
        }
        context.fireErrorCaught(error)
    }

    /// Sends a close frame and ends the connection.
    static func close(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        var reason = context.channel.allocator.buffer(capacity: 2)
        reason.write(webSocketErrorCode: code)
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: reason)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.channel.writeAndFlush(frame).whenComplete { _ in bound.value.close(promise: nil) }
    }
}
