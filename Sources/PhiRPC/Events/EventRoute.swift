import NIOCore
import NIOHTTP1
import PhiAPI
import ServiceLifecycle

/// Live events as a stream that browsers read with `EventSource`.
struct EventRoute: Sendable {
    static let contentType = "text/event-stream"

    let events: EventStream
    let cursor: String?
    let context: RPCContext

    /// Reads the query and subscribes.
    static func open(
        _ target: HTTPTarget,
        _ head: HTTPRequestHead,
        _ context: RPCContext
    ) async -> Routes.Outcome {
        do throws(APIError) {
            let method = try Methods.find("subscribe")
            guard let items = target.items else {
                throw .invalidParameters("The query has a malformed escape.")
            }
            var given: [(String, JSON)] = []
            for (name, value) in items {
                guard !given.contains(where: { $0.0 == name }) else {
                    throw .invalidParameter(name, "The field “\(name.prefix(80))” is given twice.")
                }
                given.append((name, .string(value)))
            }
            let parameters = try Parameters(
                .object(given),
                for: method,
                networkPrefix: context.configuration.networkPrefix
            )
            let topic = try parameters.topic("topic")
            let resumed = head.headers.first(name: "last-event-id")
            let cursor = if let resumed { resumed } else { try parameters.cursor() }
            guard (cursor?.utf8.count ?? 0) <= Topic.cursorByteLimit else {
                throw .invalidParameter("cursor", "The field “Last-Event-ID” is too long.")
            }
            let events = try await context.backend.subscribe(topic, cursor).get()
            return .events(EventRoute(events: events, cursor: cursor, context: context))
        } catch {
            let status: HTTPResponseStatus =
                switch error.code {
                case APIError.Code.notFound: .notFound
                case APIError.Code.pruned: .gone
                case APIError.Code.busy, APIError.Code.syncing: .serviceUnavailable
                default: .badRequest
                }
            return .answer(.failure(error, status: status))
        }
    }

    /// Writes events until the client goes, is too slow, or the server stops.
    func serve(
        _ head: HTTPRequestHead,
        _ parts: inout HTTPConnection.Parts,
        _ outbound: HTTPConnection.Outbound,
        _ channel: any Channel
    ) async throws {
        defer { events.cancel() }
        var response = HTTPResponseHead(
            version: .http1_1,
            status: .ok,
            headers: HTTPAnswer.securityHeaders
        )
        response.headers.add(name: "Content-Type", value: Self.contentType)
        response.headers.add(name: "X-Accel-Buffering", value: "no")
        response.headers.add(name: "Connection", value: "close")
        guard head.method == .GET else {
            return try await outbound.write(contentsOf: [.head(response), .end(nil)])
        }
        try await outbound.write(contentsOf: [.head(response), Self.part(": live events\n\n")])
        let pump = Pump(outbound: outbound, channel: channel, context: context)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await cancelWhenGracefulShutdown {
                    try await pump.run(events, after: cursor)
                }
                try? await outbound.write(.end(nil))
            }
            group.addTask { try? await pump.beat() }
            while (try? await parts.next(isolation: #isolation)) != nil {}
            group.cancelAll()
        }
    }

    private static func part(_ text: String) -> HTTPServerResponsePart {
        .body(.byteBuffer(ByteBuffer(string: text)))
    }

    /// What writes into one stream.
    private struct Pump: Sendable {
        let outbound: HTTPConnection.Outbound
        let channel: any Channel
        let context: RPCContext

        func run(_ events: EventStream, after cursor: String?) async throws {
            var unflushed = 0
            try await events.forEach(after: cursor) { item in
                let text = Self.text(of: item)
                if case .dropped = item { context.metrics.count(.droppedSubscriber) }
                try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: text))))
                unflushed += text.count
                if unflushed >= HTTPConnection.barrierBytes {
                    unflushed = 0
                    try await channel.eventLoop.submit {}.get()
                }
            }
        }

        func beat() async throws {
            while true {
                try await Task.sleep(for: Duration(context.limits.heartbeat))
                try await outbound.write(EventRoute.part(":\n\n"))
            }
        }

        private static func text(of item: EventStream.Item) -> [UInt8] {
            var text: [UInt8] = []
            switch item {
            case .event(let event):
                text.append(contentsOf: "id: \(event.cursor)\ndata: ".utf8)
                text.append(contentsOf: event.json)
            case .dropped(let cursor):
                let data: JSON = ["cursor": cursor.map(JSON.string) ?? .null]
                text.append(contentsOf: "event: dropped\ndata: ".utf8)
                text.append(contentsOf: data.serialized())
            }
            text.append(contentsOf: "\n\n".utf8)
            return text
        }
    }
}
