import NIOCore
import NIOHTTP1

/// Lets the wish for another protocol through only where it will be granted.
///
/// A wish that is refused later loses the head of its request, and common clients wish for HTTP/2
/// at their first request.
final class UpgradeFilter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let isGranted: (HTTPRequestHead) -> Bool

    init(isGranted: @escaping (HTTPRequestHead) -> Bool) { self.isGranted = isGranted }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), head.headers.contains(name: "upgrade"),
            !(Self.isHandshake(head) && isGranted(head))
        else { return context.fireChannelRead(data) }
        head.headers.remove(name: "upgrade")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Tells whether a request is the complete handshake of a WebSocket.
    private static func isHandshake(_ head: HTTPRequestHead) -> Bool {
        let fields = head.headers
        return head.method == .GET && HTTPTarget(head.uri).path == "/ws"
            && fields["upgrade"].map { $0.lowercased() } == ["websocket"]
            && fields[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
            && fields["sec-websocket-version"] == ["13"] && fields["sec-websocket-key"].count == 1
            && !fields.contains(name: "content-length")
            && !fields.contains(name: "transfer-encoding")
    }
}
