import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import PhiAPI

/// Something that happened at a node.
public struct LiveEvent: Equatable, Sendable {
    /// Where to go on after this event; nil where the node gave none.
    public let cursor: String?
    /// The event itself.
    public let json: JSON
}

/// The events of one topic, in order, over as many connections as it takes.
///
/// A broken connection is made anew after a pause that grows up to a limit, and goes on after the
/// last event seen, so that none is missed as long as the node still knows the cursor.
public struct LiveEvents: Sendable {
    /// What a listener says to each event.
    public enum Answer: Sendable {
        /// There shall be more.
        case more
        /// This was enough.
        case enough
    }

    private static let firstPause = Duration.milliseconds(250)
    private static let longestPause = Duration.seconds(10)

    private let client: NodeClient
    private let topic: Topic

    /// The events of a topic at a node.
    public init(of topic: Topic, at client: NodeClient) {
        self.client = client
        self.topic = topic
    }

    /// Hands events to a listener until it has enough or the task is canceled.
    ///
    /// - Parameters:
    ///   - cursor: The cursor of the last event seen, or nil for all from now on.
    ///   - onConnect: Is called whenever a connection stands, before its first event.
    ///   - listener: Takes each event.
    /// - Throws: The refusal of the node, such as of a cursor that it no longer knows; what the
    ///   listener throws; never a broken connection, except the very first.
    public func listen(
        after cursor: String? = nil,
        onConnect: () async throws -> Void = {},
        _ listener: (LiveEvent) async throws -> Answer
    ) async throws {
        var last = cursor
        var pause = Self.firstPause
        var hasConnected = false
        while true {
            try Task.checkCancellation()
            do {
                let ended = try await listenOnce(
                    after: &last,
                    onConnect: {
                        hasConnected = true
                        pause = Self.firstPause
                        try await onConnect()
                    },
                    listener
                )
                if ended { return }
            } catch let failure as ClientFailure {
                guard hasConnected, failure.mayPass else { throw failure }
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Listens on one connection; answers whether the listener has enough.
    private func listenOnce(
        after cursor: inout String?,
        onConnect: () async throws -> Void,
        _ listener: (LiveEvent) async throws -> Answer
    ) async throws -> Bool {
        let response = try await connect(after: cursor)
        try await onConnect()
        var lines = EventLines()
        var chunks = response.body.makeAsyncIterator()
        while true {
            let chunk: ByteBuffer?
            do { chunk = try await chunks.next() } catch { throw client.failure(for: error) }
            guard let chunk else { return false }
            let messages: [EventLines.Message]
            do { messages = try lines.take(chunk.readableBytesView) } catch {
                throw ClientFailure.notNode(address: client.base, reason: "an event without end")
            }
            for message in messages {
                if message.kind == "dropped" { return false }
                let json: JSON
                do {
                    json = try JSON(
                        parsing: message.data,
                        limits: JSONLimits(byteCount: EventLines.byteLimit)
                    )
                } catch {
                    throw ClientFailure.notNode(address: client.base, reason: "\(error)")
                }
                let event = LiveEvent(cursor: message.cursor, json: json)
                if try await listener(event) == .enough { return true }
                if let seen = message.cursor { cursor = seen }
            }
        }
    }

    private func connect(
        after cursor: String?
    ) async throws(ClientFailure) -> HTTPClientResponse {
        var request = HTTPClientRequest(url: client.base + "/events?topic=" + "\(topic)")
        request.headers.add(name: "Accept", value: "text/event-stream")
        if let cursor { request.headers.add(name: "Last-Event-ID", value: cursor) }
        if let token = client.settings.token {
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        let response: HTTPClientResponse
        do {
            response = try await client.http.execute(request, deadline: .distantFuture)
        } catch { throw client.failure(for: error) }
        guard response.status == .ok else { throw await refusal(in: response) }
        return response
    }

    private func refusal(in response: HTTPClientResponse) async -> ClientFailure {
        let status = response.status.code
        guard let buffer = try? await response.body.collect(upTo: 64 << 10),
            let json = try? JSON(parsing: Array(buffer.readableBytesView)),
            let answer = RPCResponse(json), case .failure(let error) = answer.result
        else {
            return .notNode(address: client.base, reason: "HTTP status \(status) for events")
        }
        return .refused(error)
    }
}

extension ClientFailure {
    /// Whether another try may go better.
    var mayPass: Bool {
        switch self {
        case .unreachable, .timedOut: true
        case .refused(let error):
            [APIError.Code.busy, APIError.Code.syncing].contains(error.code)
        case .malformedAddress, .notNode, .otherDocument, .canceled: false
        }
    }
}
