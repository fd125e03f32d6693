import PhiAPI
import PhiCrypto
public import PhiLedger
public import PhiNode
import PhiRPC
import Synchronization

/// One event with its cursor, encoded once for all subscribers.
struct PublishedEvent: Sendable, Equatable {
    /// Where to go on after it.
    let cursor: String
    /// The event's document.
    let json: [UInt8]
    /// The height of the block that it is about, where it tells of a connected one.
    let height: Height?
    /// Whether it tells that a block was taken back.
    let isUndone: Bool

    init(
        _ document: LedgerEventDocument,
        cursor: EventCursor,
        height: Height? = nil,
        isUndone: Bool = false
    ) {
        self.cursor = cursor.text
        json = document.serialized()
        self.height = height
        self.isUndone = isUndone
    }
}

/// The hub from which subscribers hear of all that happens to the chain and the pool.
///
/// The engine puts notices in and never waits. `run` encodes each event once for the topics that
/// somebody follows. Who does not keep up is dropped and can resume by the last event's cursor.
/// Events come at least once.
public final class LedgerEvents: Sendable {
    /// Takes an event for one subscriber; false once the subscriber has gone.
    typealias Sink = @Sendable (PublishedEvent) -> Bool

    /// Notices that wait to be encoded at most; when there are more, all subscribers are dropped.
    private static let queueLimit = 4_096
    /// Events that wait for a subscriber that is still catching up.
    static let backlogLimit = 1_024

    struct Subscriber {
        let topic: Topic
        let sink: Sink
        let end: @Sendable () -> Void
        /// Events that came before the subscriber had caught up; nil afterwards.
        var backlog: [PublishedEvent]? = []
        /// Blocks up to this height were told already, until one is taken back.
        var told: Height?
    }

    struct State {
        var subscribers: [UInt64: Subscriber] = [:]
        var last: UInt64 = 0
        var fates = EntryFates()
        /// The last step told about each entry that somebody follows.
        var steps: [Digest: DeliveryStep] = [:]
    }

    let network: Network
    let state = Mutex(State())
    private let isOverrun = Atomic(false)
    private let queue: AsyncStream<[LedgerNotice]>
    private let input: AsyncStream<[LedgerNotice]>.Continuation

    /// A hub for a network's node.
    public init(network: Network) {
        self.network = network
        (queue, input) = AsyncStream.makeStream(
            of: [LedgerNotice].self,
            bufferingPolicy: .bufferingOldest(Self.queueLimit)
        )
    }

    /// Takes notices in the order in which things happened; never waits.
    public func publish(_ notices: [LedgerNotice]) {
        let isFollowed = state.withLock { state in
            for notice in notices { state.fates.note(notice) }
            return !state.subscribers.isEmpty
        }
        guard isFollowed else { return }
        if case .dropped = input.yield(notices) { isOverrun.store(true, ordering: .releasing) }
    }

    /// Encodes and hands out what is published, until the task is cancelled or `finish` is called.
    public func run(node: NodeAccess) async {
        for await notices in queue {
            if isOverrun.exchange(false, ordering: .acquiringAndReleasing) { dropAll() }
            process(notices, node: node)
        }
        dropAll()
    }

    /// Lets `run` end after what was published so far.
    public func finish() { input.finish() }

    /// What became of an entry that is in neither the chain nor, maybe, the pool.
    func fate(of id: Digest) -> DeliveryStep? {
        state.withLock { $0.fates.step(of: id) }
    }

    /// Encodes notices for the topics that somebody follows and hands the events out.
    func process(_ notices: [LedgerNotice], node: NodeAccess) {
        for notice in notices {
            let topics = state.withLock { Set($0.subscribers.values.map(\.topic)) }
            guard !topics.isEmpty else { return }
            var writer = EventWriter(topics: topics, chain: node.snapshot())
            guard let events = try? writer.events(of: notice) else { continue }
            deliver(events + progress(after: notice, topics: topics, node: node))
        }
    }

    /// Steps that followed entries took because a block came.
    private func progress(
        after notice: LedgerNotice,
        topics: Set<Topic>,
        node: NodeAccess
    ) -> [(topics: [Topic], event: PublishedEvent)] {
        guard case .connected(let header, let entries) = notice else { return [] }
        let fresh = Set(entries.map(\.id))
        let cursor = EventCursor(after: header.header, hash: header.hash)
        let chain = node.snapshot()
        var clerk = EntryClerk(chain)
        var events: [(topics: [Topic], event: PublishedEvent)] = []
        for topic in topics {
            guard case .entry(let id) = topic, !fresh.contains(id),
                state.withLock({ $0.steps[id] }) != .deep,
                let position = try? chain.position(of: id),
                let status = try? clerk.status(of: id, at: position),
                state.withLock({ $0.steps.updateValue(status.status, forKey: id) })
                    != status.status
            else { continue }
            events.append(([topic], PublishedEvent(.status(status), cursor: cursor)))
        }
        return events
    }

    private func deliver(_ events: [(topics: [Topic], event: PublishedEvent)]) {
        let ends = state.withLock { state -> [@Sendable () -> Void] in
            var ends: [@Sendable () -> Void] = []
            for (topics, event) in events {
                for (number, subscriber) in state.subscribers where topics.contains(subscriber.topic) {
                    var changed = subscriber
                    if changed.take(event) {
                        state.subscribers[number] = changed
                    } else {
                        state.remove(number)
                        ends.append(subscriber.end)
                    }
                }
            }
            return ends
        }
        for end in ends { end() }
    }

    private func dropAll() {
        let ends = state.withLock { state in
            defer { state.subscribers = [:] }
            return state.subscribers.values.map(\.end)
        }
        for end in ends { end() }
    }
}

extension LedgerEvents.State {
    /// Forgets a subscriber, and what only it followed.
    mutating func remove(_ number: UInt64) {
        guard let gone = subscribers.removeValue(forKey: number) else { return }
        guard case .entry(let id) = gone.topic,
            !subscribers.values.contains(where: { $0.topic == gone.topic })
        else { return }
        steps[id] = nil
    }
}

extension LedgerEvents.Subscriber {
    /// Takes an event now or later; false when the subscriber has gone or is too slow.
    mutating func take(_ event: PublishedEvent) -> Bool {
        if var waiting = backlog {
            guard waiting.count < LedgerEvents.backlogLimit else { return false }
            waiting.append(event)
            backlog = waiting
            return true
        }
        return tell(event)
    }

    /// Hands an event over, unless a replay told it already.
    mutating func tell(_ event: PublishedEvent) -> Bool {
        if let told {
            if event.isUndone {
                self.told = nil
            } else if let height = event.height, height <= told {
                return true
            }
        }
        return sink(event)
    }
}
