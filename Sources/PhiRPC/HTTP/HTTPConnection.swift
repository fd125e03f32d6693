import Logging
import NIOCore
import NIOHTTP1
import PhiAPI

/// Serves the requests of one HTTP connection, one after another.
struct HTTPConnection: Sendable {
    typealias Channel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
    typealias Parts = NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
    typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

    /// What came of reading a body.
    enum Body {
        /// All of it.
        case whole([UInt8])
        /// More than the limit, and so nothing.
        case tooLong
    }

    let context: RPCContext
    let remote: RemoteEnd

    /// Bytes after which a writer waits until the socket has taken what was written.
    static let barrierBytes = 64 << 10

    /// Serves until either side ends the connection; what is in progress then is cancelled.
    func serve(_ channel: Channel) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await channel.executeThenClose { inbound, outbound in
                        try await serve(inbound, outbound, channel.channel)
                    }
                } catch {
                    context.logger.trace("connection ended", metadata: ["reason": "\(error)"])
                }
            }
            try? await channel.channel.closeFuture.get()
            group.cancelAll()
        }
    }

    private func serve(
        _ inbound: NIOAsyncChannelInboundStream<HTTPServerRequestPart>,
        _ outbound: Outbound,
        _ channel: any NIOCore.Channel
    ) async throws {
        var parts = inbound.makeAsyncIterator()
        var routes = Routes(context: context, remote: remote)
        var unflushed = 0
        while let part = try await parts.next(isolation: #isolation) {
            guard case .head(let head) = part else { continue }
            let answer: HTTPAnswer
            switch try await routes.answer(head, &parts, outbound) {
            case .answer(let whole): answer = whole
            case .events(let route):
                try await route.serve(head, &parts, outbound, channel)
                return
            }
            try await outbound.write(contentsOf: answer.parts(for: head))
            if answer.closes || !head.isKeepAlive {
                return try await drain(&parts)
            }
            unflushed += answer.body.count
            if unflushed >= Self.barrierBytes {
                unflushed = 0
                try await channel.eventLoop.submit {}.get()
            }
        }
    }

    /// Reads on for a while after the last answer, so that the client can read it before the
    /// connection is reset.
    private func drain(_ parts: inout Parts) async throws {
        var left = context.limits.bodyBytes * 8
        while left > 0, let part = try await parts.next(isolation: #isolation) {
            if case .body(let bytes) = part { left -= bytes.readableBytes }
        }
    }

    /// Reads a request's body as far as the limit allows.
    static func body(
        of head: HTTPRequestHead,
        _ parts: inout Parts,
        _ outbound: Outbound,
        limit: Int
    ) async throws -> Body {
        if let declared = head.headers.first(name: "content-length").flatMap(Int.init),
            declared > limit
        {
            return .tooLong
        }
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            let go = HTTPResponseHead(version: .http1_1, status: .continue)
            try await outbound.write(.head(go))
        }
        var body: [UInt8] = []
        while let part = try await parts.next(isolation: #isolation) {
            guard case .body(let bytes) = part else { break }
            guard body.count + bytes.readableBytes <= limit else { return .tooLong }
            body.append(contentsOf: bytes.readableBytesView)
        }
        return .whole(body)
    }
}
