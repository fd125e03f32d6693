import NIOCore
import NIOWebSocket
import Synchronization

/// Writes frames into one WebSocket.
final class WebSocketWriter: Sendable {
    private let outbound: WebSocketSession.Outbound
    private let channel: any Channel
    private let unsettled = Atomic(0)

    init(outbound: WebSocketSession.Outbound, channel: any Channel) {
        self.outbound = outbound
        self.channel = channel
    }

    /// Sends a text that is UTF-8 already.
    func send(_ text: [UInt8]) async throws {
        unsettled.add(text.count, ordering: .relaxed)
        try await send(.text, ByteBuffer(bytes: text))
    }

    /// Sends one frame.
    func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer) async throws {
        try await outbound.write(WebSocketFrame(fin: true, opcode: opcode, data: data))
    }

    /// Sends a close frame with a reason.
    func close(_ code: WebSocketErrorCode) async throws {
        var reason = ByteBuffer()
        reason.write(webSocketErrorCode: code)
        try await send(.connectionClose, reason)
    }

    /// Waits, once enough was written, until the event loop has seen it.
    ///
    /// A writer beside the event loop learns only then that the socket takes no more.
    func settle() async throws {
        guard unsettled.load(ordering: .relaxed) >= HTTPConnection.barrierBytes else { return }
        unsettled.store(0, ordering: .relaxed)
        try await channel.eventLoop.submit {}.get()
    }
}
