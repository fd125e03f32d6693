import PhiConsensus
import PhiCrypto
import PhiLedger

/// What waits in the pool, found by name, by leaf hash, by author and by meeting.
struct PoolContents: Sendable {
    private(set) var entries: [Digest: PooledEntry] = [:]
    /// The names of each author's entries in each meeting, in their order.
    private(set) var bySlot: [AuthorSlot: [Digest]] = [:]
    private(set) var byteCount = 0
    private var idOfLeaf: [Digest: Digest] = [:]
    private var weightByAuthor: [VerifyingKey: Weight] = [:]
    private var bytesByMeeting: [Digest: Int] = [:]
    private var sortedLeaves: [Digest]?

    /// How much of the pool an author has.
    struct Weight: Sendable {
        var entries = 0
        var bytes = 0
    }

    var count: Int { entries.count }

    /// All entries, in the order of arrival.
    var inOrder: [PooledEntry] { entries.values.sorted { $0.arrival < $1.arrival } }

    func contains(leaf: Digest) -> Bool { idOfLeaf[leaf] != nil }

    func entry(leaf: Digest) -> PooledEntry? { idOfLeaf[leaf].flatMap { entries[$0] } }

    /// The names of an author's entries in a meeting, in their order.
    func ids(in slot: AuthorSlot) -> [Digest] { bySlot[slot] ?? [] }

    func weight(of author: VerifyingKey) -> Weight { weightByAuthor[author] ?? Weight() }

    func bytes(of meeting: Digest) -> Int { bytesByMeeting[meeting] ?? 0 }

    /// All leaf hashes, ascending.
    mutating func leaves() -> [Digest] {
        if let sortedLeaves { return sortedLeaves }
        let leaves = idOfLeaf.keys.sorted()
        sortedLeaves = leaves
        return leaves
    }

    func answer(_ query: PoolQuery) -> [PooledEntry] {
        switch query {
        case .entry(let id): entries[id].map { [$0] } ?? []
        case .meeting(let id):
            entries.values
                .filter { $0.valid.entry.meeting == id || $0.valid.id == id }
                .sorted { $0.arrival < $1.arrival }
        case .author(let key):
            entries.values.filter { $0.valid.entry.author == key }
                .sorted { $0.arrival < $1.arrival }
        case .all(let limit): Array(inOrder.prefix(limit))
        }
    }

    /// Has an entry kept over a restart from now on.
    mutating func own(_ id: Digest) { entries[id]?.isOwn = true }

    /// Keeps what was found out about an entry.
    mutating func learn(_ valid: ValidEntry) { entries[valid.id]?.valid = valid }

    mutating func insert(_ pooled: PooledEntry) {
        let entry = pooled.valid.entry
        entries[pooled.valid.id] = pooled
        idOfLeaf[pooled.valid.leaf] = pooled.valid.id
        sortedLeaves = nil
        let slot = AuthorSlot(of: entry)
        bySlot[slot, default: []].append(pooled.valid.id)
        weightByAuthor[entry.author, default: Weight()].entries += 1
        weightByAuthor[entry.author, default: Weight()].bytes += entry.bytes.count
        bytesByMeeting[entry.meeting, default: 0] += entry.bytes.count
        byteCount += entry.bytes.count
    }

    /// Puts an entry in the place of another of the same name and length.
    mutating func replace(_ present: PooledEntry, by pooled: PooledEntry) {
        idOfLeaf[present.valid.leaf] = nil
        idOfLeaf[pooled.valid.leaf] = pooled.valid.id
        sortedLeaves = nil
        entries[pooled.valid.id] = pooled
    }

    mutating func remove(_ id: Digest) -> PooledEntry? {
        guard let pooled = entries.removeValue(forKey: id) else { return nil }
        let entry = pooled.valid.entry
        idOfLeaf[pooled.valid.leaf] = nil
        sortedLeaves = nil
        let slot = AuthorSlot(of: entry)
        bySlot[slot]?.removeAll { $0 == id }
        if bySlot[slot]?.isEmpty == true { bySlot[slot] = nil }
        weightByAuthor[entry.author]?.entries -= 1
        weightByAuthor[entry.author]?.bytes -= entry.bytes.count
        if weightByAuthor[entry.author]?.entries == 0 { weightByAuthor[entry.author] = nil }
        bytesByMeeting[entry.meeting, default: 0] -= entry.bytes.count
        if bytesByMeeting[entry.meeting] == 0 { bytesByMeeting[entry.meeting] = nil }
        byteCount -= entry.bytes.count
        return pooled
    }

    /// Puts each author's entries back into the order of their numbers.
    mutating func sortBySequence() { sortBySequence(in: bySlot.keys.sorted()) }

    /// Puts the entries of some authors back into the order of their numbers.
    mutating func sortBySequence(in slots: [AuthorSlot]) {
        for slot in slots {
            guard let ids = bySlot[slot], ids.count > 1 else { continue }
            bySlot[slot] = ids.sorted {
                (entries[$0]?.valid.entry.sequence ?? 0) < (entries[$1]?.valid.entry.sequence ?? 0)
            }
        }
    }
}
