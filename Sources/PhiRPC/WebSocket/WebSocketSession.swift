import Logging
import NIOCore
import NIOWebSocket
import PhiAPI
import ServiceLifecycle
import Synchronization

/// Serves one WebSocket: calls in the order in which they come, and events beside them.
struct WebSocketSession: Sendable {
    typealias Channel = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>
    typealias Outbound = NIOAsyncChannelOutboundWriter<WebSocketFrame>

    /// A subscription whose call has been answered, so that its events may follow.
    struct Opened: Sendable {
        let name: String
        let topic: Topic
        let cursor: String?
        let events: EventStream
    }

    let context: RPCContext
    let caller: Caller
    private let subscriptions: WebSocketSubscriptions

    init(context: RPCContext, caller: Caller) {
        self.context = context
        self.caller = caller
        subscriptions = WebSocketSubscriptions(limit: context.limits.subscriptions)
    }

    /// Serves until either side ends the connection or the server stops.
    func serve(_ channel: Channel) async {
        do {
            try await channel.executeThenClose { inbound, outbound in
                let socket = WebSocketWriter(outbound: outbound, channel: channel.channel)
                await withTaskGroup(of: Void.self) { group in
                    await listen(inbound, socket, &group)
                    subscriptions.removeAll()
                    group.cancelAll()
                }
            }
        } catch {
            context.logger.trace("WebSocket ended", metadata: ["reason": "\(error)"])
        }
        subscriptions.removeAll()
    }

    private func listen(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
        _ socket: WebSocketWriter,
        _ group: inout TaskGroup<Void>
    ) async {
        do {
            for try await frame in inbound.cancelOnGracefulShutdown() {
                switch frame.opcode {
                case .text, .binary:
                    guard let opened = try await answer(frame, socket) else { return }
                    for subscription in opened {
                        group.addTask { await follow(subscription, socket) }
                    }
                case .ping: try await socket.send(.pong, frame.unmaskedData)
                case .connectionClose:
                    return try await socket.send(.connectionClose, frame.unmaskedData)
                default: break
                }
            }
            try await socket.close(.goingAway)
        } catch {
            context.logger.trace("WebSocket ended", metadata: ["reason": "\(error)"])
        }
    }

    /// Answers one message and tells what it opened; nil when the answer took too long and the
    /// connection has to end.
    private func answer(
        _ frame: WebSocketFrame,
        _ socket: WebSocketWriter
    ) async throws -> [Opened]? {
        let body = Array(frame.unmaskedData.readableBytesView)
        let weight = body.count / Routes.bytesPerToken
        if weight > 0, let delay = context.dispatcher.delay(caller, cost: weight) {
            let error = APIError.busy(retryAfterMilliseconds: delay)
            try await socket.send(RPCResponse.bytes(id: .null, result: .failure(error)))
            return []
        }
        let (answer, opened) = await timed(body)
        guard let answer else {
            try await socket.close(.unexpectedServerError)
            return nil
        }
        if let bytes = answer { try await socket.send(bytes) }
        return opened
    }

    /// The answer to a text, nil inside where there is none to give, nil outside when time ran out.
    private func timed(_ body: [UInt8]) async -> (answer: [UInt8]??, opened: [Opened]) {
        let collector = OpenedSubscriptions()
        let answer = await withTaskGroup(of: [UInt8]??.self) { group in
            group.addTask {
                .some(
                    await context.dispatcher.answer(body, caller) { request, parameters in
                        await local(request, parameters, collector)
                    }
                )
            }
            group.addTask {
                try? await Task.sleep(for: Duration(context.limits.answerTimeout))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        return (answer, collector.all)
    }

    private func local(
        _ request: RPCRequest,
        _ parameters: Parameters,
        _ collector: OpenedSubscriptions
    ) async -> Result<[UInt8], APIError> {
        do throws(APIError) {
            guard request.method == "subscribe" else {
                let name = try parameters.string("subscription", byteLimit: 20)
                guard subscriptions.remove(name) else {
                    throw .notFound("the subscription “\(name)”", remedy: "It may have ended.")
                }
                let done: JSON = ["done": true]
                return .success(done.serialized())
            }
            let topic = try parameters.topic("topic")
            let cursor = try parameters.cursor()
            let name = try subscriptions.reserve()
            switch await context.backend.subscribe(topic, cursor) {
            case .failure(let error):
                _ = subscriptions.remove(name)
                return .failure(error)
            case .success(let events):
                subscriptions.fill(name, with: events)
                collector.add(Opened(name: name, topic: topic, cursor: cursor, events: events))
                let result: JSON = [
                    "subscription": .string(name), "topic": .string(topic.description),
                ]
                return .success(result.serialized())
            }
        } catch { return .failure(error) }
    }

    /// Pushes the events of one subscription until it ends.
    private func follow(_ subscription: Opened, _ socket: WebSocketWriter) async {
        try? await subscription.events.forEach(after: subscription.cursor) { item in
            if case .dropped = item { context.metrics.count(.droppedSubscriber) }
            try await socket.send(Self.notification(of: item, subscription))
            try await socket.settle()
        }
        _ = subscriptions.remove(subscription.name)
    }

    private static func notification(
        of item: EventStream.Item,
        _ subscription: Opened
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        writer.name("method")
        writer.string("event")
        writer.name("params")
        writer.beginObject()
        writer.name("subscription")
        writer.string(subscription.name)
        writer.name("topic")
        writer.string(subscription.topic.description)
        writer.name("cursor")
        switch item {
        case .event(let event):
            writer.string(event.cursor)
            writer.name("event")
            writer.raw(event.json)
        case .dropped(let cursor):
            if let cursor { writer.string(cursor) } else { writer.null() }
            writer.name("dropped")
            writer.bool(true)
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}

/// The subscriptions that one message opened.
private final class OpenedSubscriptions: Sendable {
    private let opened = Mutex<[WebSocketSession.Opened]>([])

    var all: [WebSocketSession.Opened] { opened.withLock { $0 } }

    func add(_ subscription: WebSocketSession.Opened) {
        opened.withLock { $0.append(subscription) }
    }
}
