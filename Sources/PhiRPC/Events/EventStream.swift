import Synchronization

/// One thing that happened, as subscribers hear of it.
public struct LiveEvent: Sendable {
    /// Where to go on after this event.
    public let cursor: String
    /// The event as JSON, serialized once for all subscribers.
    public let json: [UInt8]

    /// Makes an event.
    /// - Precondition: The cursor is printable ASCII without white space.
    public init(cursor: String, json: [UInt8]) {
        precondition(
            cursor.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F },
            "a cursor travels in one line of an event stream"
        )
        self.cursor = cursor
        self.json = json
    }
}

/// The events of one subscriber, bounded: who does not keep up is dropped, not waited for.
public struct EventStream: Sendable {
    /// What a subscriber takes from the stream.
    public enum Item: Sendable {
        /// Something happened.
        case event(LiveEvent)
        /// The subscriber was too slow; nothing follows.
        case dropped(resumeCursor: String?)
    }

    /// The end into which events are put.
    public final class Source: Sendable {
        fileprivate let continuation: AsyncStream<LiveEvent>.Continuation
        fileprivate let isOverrun = Atomic(false)

        fileprivate init(_ continuation: AsyncStream<LiveEvent>.Continuation) {
            self.continuation = continuation
        }

        /// Puts an event in.
        /// - Parameter event: The event.
        /// - Returns: False once the subscriber has gone or been dropped.
        public func offer(_ event: LiveEvent) -> Bool {
            switch continuation.yield(event) {
            case .enqueued: return true
            case .dropped:
                isOverrun.store(true, ordering: .releasing)
                continuation.finish()
                return false
            case .terminated: return false
            @unknown default: return false
            }
        }

        /// Ends the stream after what is in it.
        public func finish() { continuation.finish() }

        /// Tells when the stream has ended, for whatever reason.
        public func onEnd(_ action: @escaping @Sendable () -> Void) {
            continuation.onTermination = { _ in action() }
        }
    }

    private let events: AsyncStream<LiveEvent>
    private let source: Source

    /// How many events wait for a subscriber before it is dropped.
    public static let standardCapacity = 256

    /// Makes a stream and the end into which its events are put.
    public static func make(
        capacity: Int = standardCapacity
    ) -> (stream: EventStream, source: Source) {
        let (events, continuation) = AsyncStream.makeStream(
            of: LiveEvent.self,
            bufferingPolicy: .bufferingOldest(capacity)
        )
        let source = Source(continuation)
        return (EventStream(events: events, source: source), source)
    }

    /// Ends the stream from the subscriber's side.
    func cancel() { source.finish() }

    /// Gives every event to `body` and says at the end whether the subscriber was dropped.
    func forEach(
        after cursor: String?,
        _ body: (Item) async throws -> Void
    ) async throws {
        var last = cursor
        for await event in events {
            try await body(.event(event))
            last = event.cursor
        }
        if source.isOverrun.load(ordering: .acquiring) {
            try await body(.dropped(resumeCursor: last))
        }
    }
}
