import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiRPC
import Synchronization

extension LedgerEvents {
    /// Events that a resumption tells again at most; the rest needs another resumption.
    static let replayLimit = 1_000

    /// Opens the live events of a topic, after the event with that cursor where one is given.
    func subscribe(
        _ topic: Topic,
        after cursor: String?,
        node: NodeAccess
    ) async -> Result<EventStream, APIError> {
        do throws(APIError) {
            let replay = try await open(topic, after: cursor, node: node)
            // A stream that is full when more must follow ends as dropped, with its last cursor.
            let room = replay.isWhole ? EventStream.standardCapacity : 0
            let (stream, source) = EventStream.make(capacity: replay.events.count + room)
            let sink: Sink = { source.offer(LiveEvent(cursor: $0.cursor, json: $0.json)) }
            let number = replay.number
            source.onEnd { [weak self] in self?.leave(number) }
            start(replay, sink: sink) { source.finish() }
            return .success(stream)
        } catch { return .failure(error) }
    }

    /// What a new subscriber is told first.
    struct Replay {
        let number: UInt64
        let events: [PublishedEvent]
        /// Whether nothing is left out that the chain has.
        let isWhole: Bool
        /// The height up to which the events tell of blocks.
        let told: Height
    }

    /// Takes a place, so that nothing is missed from now on, and reads what came before.
    func open(
        _ topic: Topic,
        after cursor: String?,
        node: NodeAccess
    ) async throws(APIError) -> Replay {
        var resumed: EventCursor?
        if let cursor {
            resumed = EventCursor(cursor)
            guard resumed != nil else { throw .badCursor }
        }
        let number = state.withLock { $0.add(topic) }
        do {
            let pooled = await Self.waiting(topic, node: node)
            var reader = ReplayReader(topic: topic, chain: node.snapshot(), hub: self)
            let found = try reader.events(after: resumed, waiting: pooled)
            return Replay(
                number: number,
                events: found.events,
                isWhole: found.isWhole,
                told: found.told
            )
        } catch {
            leave(number)
            throw .internalFailure
        }
    }

    /// Tells the replay, then what came meanwhile, and goes live.
    func start(_ replay: Replay, sink: @escaping Sink, end: @escaping @Sendable () -> Void) {
        let number = replay.number
        state.withLock { state in
            state.subscribers[number]?.sink = sink
            state.subscribers[number]?.end = end
            state.subscribers[number]?.told = replay.told
        }
        var isFollowing = true
        for event in replay.events where isFollowing { isFollowing = sink(event) }
        if isFollowing, !replay.isWhole, let last = replay.events.last {
            // One event too many: the stream says at which cursor to go on.
            _ = sink(last)
            isFollowing = false
        }
        while isFollowing {
            let (waiting, isHere) = state.withLock { state in
                (state.catchUp(number), state.subscribers[number] != nil)
            }
            guard let waiting else {
                if !isHere { end() }
                return
            }
            for event in waiting where isFollowing { isFollowing = sink(event) }
        }
        leave(number)
        end()
    }

    /// Gives a place back.
    func leave(_ number: UInt64) {
        // What is removed ends here, outside the lock.
        let gone = state.withLock { $0.remove(number) }
        withExtendedLifetime(gone) {}
    }

    private static func waiting(_ topic: Topic, node: NodeAccess) async -> [PooledEntry] {
        switch topic {
        case .blocks: []
        case .meeting(let id): await node.pool(.meeting(id))
        case .author(let key): await node.pool(.author(key))
        case .entry(let id): await node.pool(.entry(id))
        }
    }
}

/// Reads from the chain what a resumed subscriber has not heard.
struct ReplayReader {
    private let topic: Topic
    private let chain: RPCMethods.Chain
    private let hub: LedgerEvents
    private var clerk: EntryClerk
    private var events: [PublishedEvent] = []
    private var isWhole = true

    init(topic: Topic, chain: RPCMethods.Chain, hub: LedgerEvents) {
        self.topic = topic
        self.chain = chain
        self.hub = hub
        clerk = EntryClerk(chain)
    }

    /// The events after a cursor, and then what waits in the pool.
    ///
    /// Without a cursor the subscriber hears of the present alone: nothing for most topics, where
    /// the entry stands for a topic of one entry.
    mutating func events(
        after cursor: EventCursor?,
        waiting: [PooledEntry]
    ) throws(StoreFailure) -> (events: [PublishedEvent], isWhole: Bool, told: Height) {
        let (height, hash) = try chain.tip()
        let now = EventCursor(Position(height: height, index: .max), hash: hash)
        if case .entry(let id) = topic {
            try present(id, waiting: waiting.first, now: now)
            return (events, true, height)
        }
        guard let cursor else { return ([], true, height) }
        guard try cursor.isOn(chain) else {
            let reason = "The chain went another way since; read the history again."
            return ([PublishedEvent(.reset(reason: reason), cursor: now)], true, height)
        }
        switch topic {
        case .blocks: try blocks(after: cursor, to: height)
        case .meeting(let id): try recorded(.meeting(id), after: cursor)
        case .author(let key): try recorded(.author(key), after: cursor)
        case .entry: break
        }
        if isWhole { try pending(waiting, now: now) }
        return (events, isWhole, height)
    }

    private mutating func present(
        _ id: Digest,
        waiting: PooledEntry?,
        now: EventCursor
    ) throws(StoreFailure) {
        if let recorded = try chain.recorded(id) {
            let document = try clerk.document(recorded, withProof: false)
            if let step = document.status?.status {
                hub.state.withLock { $0.steps[id] = step }
            }
            events.append(PublishedEvent(.entry(document), cursor: now))
        } else if let waiting {
            try pending([waiting], now: now)
        } else if let fate = hub.fate(of: id) {
            let status = EntryStatusDocument(entry: id, status: fate)
            events.append(PublishedEvent(.status(status), cursor: now))
        }
    }

    private mutating func blocks(after cursor: EventCursor, to tip: Height) throws(StoreFailure) {
        // A cursor inside a block has not told of the whole block.
        let isWholeBlock = cursor.position.index == .max
        var height = isWholeBlock ? cursor.position.height.next : cursor.position.height
        while let place = height, place <= tip {
            guard events.count < LedgerEvents.replayLimit else {
                isWhole = false
                return
            }
            guard let header = try chain.header(at: place) else {
                throw .malformedRecord(kind: "header")
            }
            let document = HeaderDocument(header)
            events.append(
                PublishedEvent(
                    .connected(document),
                    cursor: EventCursor(after: header, hash: document.block)
                )
            )
            height = place.next
        }
    }

    private mutating func recorded(
        _ subject: HistoryQuery.Subject,
        after cursor: EventCursor
    ) throws(StoreFailure) {
        var query = HistoryQuery(
            subject,
            cursor: PositionCursor(cursor.position),
            count: HistoryQuery.limit
        )
        while true {
            let slice = try chain.history(query)
            for recorded in slice.entries {
                guard events.count < LedgerEvents.replayLimit else {
                    isWhole = false
                    return
                }
                let document = try clerk.document(recorded, withProof: false)
                guard let block = document.status?.place?.block else { continue }
                events.append(
                    PublishedEvent(
                        .entry(document),
                        cursor: EventCursor(recorded.position, hash: block)
                    )
                )
            }
            guard let next = slice.next else { return }
            query.cursor = next
        }
    }

    private mutating func pending(
        _ waiting: [PooledEntry],
        now: EventCursor
    ) throws(StoreFailure) {
        for pooled in waiting {
            let id = pooled.valid.id
            guard try chain.position(of: id) == nil else { continue }
            guard events.count < LedgerEvents.replayLimit + LedgerEvents.backlogLimit else {
                return
            }
            let isReturned = hub.fate(of: id) == .returned
            let status = EntryStatusDocument(
                entry: id,
                status: isReturned ? .returned : .pending
            )
            let document = try clerk.document(pooled.valid.entry, id: id, status: status)
            events.append(PublishedEvent(.entry(document), cursor: now))
        }
    }
}
