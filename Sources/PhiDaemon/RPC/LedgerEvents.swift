import PhiAPI
import PhiChain
import PhiConsensus
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
        var sink: Sink
        var end: @Sendable () -> Void
        /// Events that came before the subscriber had caught up; nil afterwards.
        var backlog: [PublishedEvent]? = []
        /// Blocks up to this height were told already, until one is taken back.
        var told: Height?
    }

    struct State {
        var subscribers: [UInt64: Subscriber] = [:]
        var followers: [Topic: Set<UInt64>] = [:]
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
            guard state.withLock({ !$0.followers.isEmpty }) else { return }
            let chain = node.snapshot()
            var writer = EventWriter(chain: chain) { topic in
                self.state.withLock { $0.followers[topic] != nil }
            }
            // A view that cannot be read tells nothing; whoever resumes hears of it again.
            guard let events = try? writer.events(of: notice) else { continue }
            deliver(events + progress(after: notice, chain: chain))
        }
    }

    /// Steps that followed entries took because a block came.
    private func progress(
        after notice: LedgerNotice,
        chain: RPCMethods.Chain
    ) -> [(topics: [Topic], event: PublishedEvent)] {
        guard case .connected(let header, let entries) = notice else { return [] }
        let fresh = Set(entries.map(\.id))
        let cursor = EventCursor(after: header.header, hash: header.hash)
        let steps = state.withLock { state in
            for id in fresh where state.steps[id] != nil { state.steps[id] = .recorded }
            return state.steps
        }
        var clerk = EntryClerk(chain)
        var events: [(topics: [Topic], event: PublishedEvent)] = []
        for (id, told) in steps where told != .deep && !fresh.contains(id) {
            guard let position = try? chain.position(of: id),
                let status = try? clerk.status(of: id, at: position), status.status != told
            else { continue }
            state.withLock { state in
                if state.steps[id] != nil { state.steps[id] = status.status }
            }
            events.append(([.entry(id)], PublishedEvent(.status(status), cursor: cursor)))
        }
        return events
    }

    /// Hands events out; the sinks are called outside the lock, because they may call back.
    private func deliver(_ events: [(topics: [Topic], event: PublishedEvent)]) {
        for (topics, event) in events {
            let live = state.withLock { state in
                topics.flatMap { state.followers[$0] ?? [] }
                    .map { (number: $0, verdict: state.take(event, for: $0)) }
            }
            for (number, verdict) in live {
                switch verdict {
                case .tell(let sink): if !sink(event) { drop(number) }
                case .tooSlow: drop(number)
                case .done: continue
                }
            }
        }
    }

    private func drop(_ number: UInt64) {
        let gone = state.withLock { $0.remove(number) }
        gone?.end()
    }

    private func dropAll() {
        for number in state.withLock({ Array($0.subscribers.keys) }) { drop(number) }
    }
}

extension LedgerEvents.State {
    /// Takes a subscriber who is still catching up.
    mutating func add(_ topic: Topic) -> UInt64 {
        last += 1
        subscribers[last] = LedgerEvents.Subscriber(topic: topic, sink: { _ in true }, end: {})
        followers[topic, default: []].insert(last)
        if case .entry(let id) = topic, steps[id] == nil { steps[id] = .unknown }
        return last
    }

    /// Forgets a subscriber, and what only it followed.
    ///
    /// It is given back so that it ends outside the lock.
    mutating func remove(_ number: UInt64) -> LedgerEvents.Subscriber? {
        guard let gone = subscribers.removeValue(forKey: number) else { return nil }
        followers[gone.topic]?.remove(number)
        if followers[gone.topic]?.isEmpty == true {
            followers[gone.topic] = nil
            if case .entry(let id) = gone.topic { steps[id] = nil }
        }
        return gone
    }

    /// What is to be done with an event for a subscriber.
    enum Verdict {
        /// The subscriber is to be told now.
        case tell(LedgerEvents.Sink)
        /// The subscriber knows it, or will be told later.
        case done
        /// The subscriber has too much to catch up with.
        case tooSlow
    }

    /// Keeps an event for a subscriber that catches up, or says whether to tell it now.
    mutating func take(_ event: PublishedEvent, for number: UInt64) -> Verdict {
        guard let subscriber = subscribers[number] else { return .done }
        guard let waiting = subscriber.backlog else {
            return subscribers[number]?.isNews(event) == true ? .tell(subscriber.sink) : .done
        }
        guard waiting.count < LedgerEvents.backlogLimit else { return .tooSlow }
        subscribers[number]?.backlog?.append(event)
        return .done
    }

    /// The events that came meanwhile; when there are none the subscriber is live.
    mutating func catchUp(_ number: UInt64) -> [PublishedEvent]? {
        guard let waiting = subscribers[number]?.backlog else { return nil }
        subscribers[number]?.backlog = waiting.isEmpty ? nil : []
        return waiting.filter { subscribers[number]?.isNews($0) == true }
    }
}

extension LedgerEvents.Subscriber {
    /// Whether a replay has not told an event already.
    mutating func isNews(_ event: PublishedEvent) -> Bool {
        guard let told else { return true }
        if event.isUndone {
            self.told = nil
            return true
        }
        guard let height = event.height else { return true }
        return height > told
    }
}
