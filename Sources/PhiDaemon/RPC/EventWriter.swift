import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode

/// Writes events for the topics that somebody follows, each event once.
struct EventWriter {
    private let isFollowed: (Topic) -> Bool
    private let chain: RPCMethods.Chain
    private var clerk: EntryClerk

    init(chain: RPCMethods.Chain, isFollowed: @escaping (Topic) -> Bool) {
        self.isFollowed = isFollowed
        self.chain = chain
        clerk = EntryClerk(chain)
    }

    /// The events of one notice, in order, with the followed topics of each.
    mutating func events(
        of notice: LedgerNotice
    ) throws(StoreFailure) -> [(topics: [Topic], event: PublishedEvent)] {
        switch notice {
        case .connected(let header, let entries): return try connected(header, entries)
        case .disconnected(let header, let entries): return try disconnected(header, entries)
        case .pooled(let pooled):
            let status = EntryStatusDocument(entry: pooled.valid.id, status: .pending)
            return try entry(pooled.valid.entry, id: pooled.valid.id, status, cursor: try now())
        case .dropped(let pooled, let reason): return try dropped(pooled, reason)
        }
    }

    private mutating func connected(
        _ header: ValidHeader,
        _ entries: [ValidEntry]
    ) throws(StoreFailure) -> [(topics: [Topic], event: PublishedEvent)] {
        let height = header.header.height
        var events: [(topics: [Topic], event: PublishedEvent)] = []
        for (index, valid) in entries.enumerated() {
            let place = BlockPlace(block: header.hash, height: height, index: UInt16(index))
            let status = EntryStatusDocument(
                entry: valid.id,
                status: .recorded,
                depth: 1,
                place: place
            )
            let position = Position(height: height, index: place.index)
            events += try entry(
                valid.entry,
                id: valid.id,
                status,
                cursor: EventCursor(position, hash: header.hash),
                height: height
            )
        }
        if isFollowed(.blocks) {
            let event = PublishedEvent(
                .connected(HeaderDocument(header.header)),
                cursor: EventCursor(after: header.header, hash: header.hash),
                height: height
            )
            events.append(([.blocks], event))
        }
        return events
    }

    private mutating func disconnected(
        _ header: ValidHeader,
        _ entries: [Entry]
    ) throws(StoreFailure) -> [(topics: [Topic], event: PublishedEvent)] {
        let cursor = EventCursor(before: header.header)
        var events: [(topics: [Topic], event: PublishedEvent)] = []
        if isFollowed(.blocks) {
            let event = PublishedEvent(
                .disconnected(HeaderDocument(header.header)),
                cursor: cursor,
                isUndone: true
            )
            events.append(([.blocks], event))
        }
        for taken in entries {
            let id = taken.id
            let status = EntryStatusDocument(entry: id, status: .returned)
            events += try entry(taken, id: id, status, cursor: cursor, isUndone: true)
        }
        return events
    }

    private func dropped(
        _ pooled: PooledEntry,
        _ reason: DropReason
    ) throws(StoreFailure) -> [(topics: [Topic], event: PublishedEvent)] {
        let followed = followed(pooled.valid.entry, id: pooled.valid.id)
        guard !followed.isEmpty else { return [] }
        let document: LedgerEventDocument = .dropped(
            entry: pooled.valid.id,
            reason: reason.rawValue
        )
        return [(followed, PublishedEvent(document, cursor: try now()))]
    }

    private mutating func entry(
        _ entry: Entry,
        id: Digest,
        _ status: EntryStatusDocument,
        cursor: EventCursor,
        height: Height? = nil,
        isUndone: Bool = false
    ) throws(StoreFailure) -> [(topics: [Topic], event: PublishedEvent)] {
        let followed = followed(entry, id: id)
        guard !followed.isEmpty else { return [] }
        let document = try clerk.document(entry, id: id, status: status)
        let event = PublishedEvent(
            .entry(document),
            cursor: cursor,
            height: height,
            isUndone: isUndone
        )
        return [(followed, event)]
    }

    private func followed(_ entry: Entry, id: Digest) -> [Topic] {
        let meeting = entry.kind == .open ? id : entry.meeting
        return [Topic.meeting(meeting), .author(entry.author), .entry(id)]
            .filter(isFollowed)
    }

    /// Behind all that the chain has.
    private func now() throws(StoreFailure) -> EventCursor {
        let (height, hash) = try chain.tip()
        return EventCursor(Position(height: height, index: .max), hash: hash)
    }
}
