import NIOCore
import NIOPosix

/// A client that sends whatever bytes a test wants.
struct RawClient {
    /// The connection ended where more was expected.
    struct Ended: Error {}

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var unread: [UInt8] = []

    /// Connects, runs the body, and hangs up.
    static func connect<Value: Sendable>(
        _ port: Int,
        receiveBuffer: Int? = nil,
        _ body: (inout RawClient) async throws -> Value
    ) async throws -> Value {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(
                .socketOption(.so_rcvbuf),
                value: SocketOptionValue(receiveBuffer)
            )
        }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            var client = RawClient(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&client)
        }
    }

    private init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    mutating func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    mutating func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    private mutating func more() async throws -> Bool {
        guard let bytes = try await inbound.next(isolation: #isolation) else { return false }
        unread.append(contentsOf: bytes.readableBytesView)
        return true
    }

    /// Reads up to and with a text.
    mutating func read(until end: String) async throws -> String {
        let end = Array(end.utf8)
        while true {
            if let found = unread.firstRange(of: end) {
                let text = String(decoding: unread[..<found.upperBound], as: UTF8.self)
                unread.removeFirst(found.upperBound)
                return text
            }
            guard try await more() else { throw Ended() }
        }
    }

    /// Reads that many bytes.
    mutating func read(_ count: Int) async throws -> [UInt8] {
        while unread.count < count {
            guard try await more() else { throw Ended() }
        }
        defer { unread.removeFirst(count) }
        return Array(unread.prefix(count))
    }

    /// Reads until the server hangs up.
    mutating func readToEnd() async -> String {
        while (try? await more()) == true {}
        defer { unread = [] }
        return String(decoding: unread, as: UTF8.self)
    }

    /// Sends a call in a request of its own and reads the answer's head and body.
    mutating func post(_ body: String, fields: String = "") async throws -> String {
        try await send(
            "POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        return try await readAnswer()
    }

    /// Reads one answer whose length is given.
    mutating func readAnswer() async throws -> String {
        let (head, body) = try await readParts()
        return head + String(decoding: body, as: UTF8.self)
    }

    /// Reads the head and the body of one answer whose length is given.
    mutating func readParts() async throws -> (head: String, body: [UInt8]) {
        let head = try await read(until: "\r\n\r\n")
        let field = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
        let count = field.flatMap { Int($0.dropFirst("Content-Length: ".count)) } ?? 0
        return (head, try await read(count))
    }
}

extension RawClient {
    /// One frame of a WebSocket.
    struct Frame {
        let opcode: UInt8
        let payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
    }

    /// Becomes a WebSocket, or answers with what the server said instead.
    mutating func upgrade(fields: String = "", host: String = "localhost") async throws -> String {
        try await send(
            "GET /ws HTTP/1.1\r\nHost: \(host)\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "\(fields)\r\n"
        )
        return try await read(until: "\r\n\r\n")
    }

    /// Sends a frame.
    mutating func sendFrame(
        _ payload: [UInt8],
        opcode: UInt8 = 1,
        isMasked: Bool = true,
        isFinal: Bool = true
    ) async throws {
        var frame: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        let mark: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case ..<126: frame.append(mark | UInt8(payload.count))
        case ..<65_536:
            frame += [mark | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            frame.append(mark | 127)
            frame += (0..<8).map { UInt8(payload.count >> (56 - 8 * $0) & 0xFF) }
        }
        if isMasked { frame += [0, 0, 0, 0] }
        try await send(frame + payload)
    }

    /// Sends a text in one frame.
    mutating func sendText(_ text: String) async throws { try await sendFrame(Array(text.utf8)) }

    /// Reads one frame of the server.
    mutating func readFrame() async throws -> Frame {
        let head = try await read(2)
        var count = Int(head[1] & 0x7F)
        if count >= 126 {
            let bytes = try await read(count == 126 ? 2 : 8)
            count = bytes.reduce(0) { $0 << 8 | Int($1) }
        }
        return Frame(opcode: head[0] & 0x0F, payload: try await read(count))
    }
}
