import PhiConsensus
import PhiCrypto
import PhiLedger

/// Entries of peers that wait for entries before them.
///
/// Each waits in the line of its author in its meeting, so that an entry that finds its place wakes
/// the few that may have waited for it. When there is no room, the peer with the most bytes here
/// gives up its last ones: nobody can keep the others out.
struct OrphanEntries: Sendable {
    private struct Orphan: Sendable {
        let valid: ValidEntry
        let peer: PeerHandle
        let until: Timestamp
        let order: UInt64
    }

    private struct Load: Sendable {
        /// Leaf hashes by the order in which they came.
        var leaves: [UInt64: Digest] = [:]
        var bytes = 0
    }

    /// Bytes of memory that an orphan takes beside its own.
    static let overhead = 512

    private var orphans: [Digest: Orphan] = [:]
    private var loads: [PeerHandle: Load] = [:]
    /// The orphans of a meeting, by author and sequence number.
    private var lines: [Digest: [VerifyingKey: [UInt64: Digest]]] = [:]
    private(set) var bytes = 0
    private var nextOrder: UInt64 = 0
    private let policy: NodePolicy

    init(policy: NodePolicy) {
        self.policy = policy
    }

    var isEmpty: Bool { orphans.isEmpty }

    var count: Int { orphans.count }

    func contains(leaf: Digest) -> Bool { orphans[leaf] != nil }

    /// All leaf hashes, ascending.
    var leaves: [Digest] { orphans.keys.sorted() }

    func entry(leaf: Digest) -> Entry? { orphans[leaf]?.valid.entry }

    /// Keeps an entry, unless it or another in its place is kept, or its peer has too many.
    ///
    /// Of several entries with one place the first stays: the others differ in stamp or signature,
    /// or their author contradicts itself.
    mutating func keep(_ valid: ValidEntry, from peer: PeerHandle, now: Timestamp) {
        let size = valid.entry.bytes.count
        let entry = valid.entry
        guard orphans[valid.leaf] == nil,
            lines[entry.meeting]?[entry.author]?[entry.sequence] == nil,
            (loads[peer]?.leaves.count ?? 0) < policy.orphansPerPeer,
            size <= policy.orphanBytes
        else { return }
        if bytes + size > policy.orphanBytes { expire(now: now) }
        while bytes + size > policy.orphanBytes {
            guard let heaviest = heaviest(), heaviest != peer else { return }
            let ownBytes = (loads[peer]?.bytes ?? 0) + size
            guard let load = loads[heaviest], load.bytes >= ownBytes,
                let last = load.leaves.max(by: { $0.key < $1.key })
            else { return }
            remove(leaf: last.value)
        }
        orphans[valid.leaf] = Orphan(
            valid: valid,
            peer: peer,
            until: now.adding(milliseconds: policy.orphanPatience),
            order: nextOrder
        )
        loads[peer, default: Load()].leaves[nextOrder] = valid.leaf
        loads[peer, default: Load()].bytes += size
        lines[entry.meeting, default: [:]][entry.author, default: [:]][entry.sequence] = valid.leaf
        nextOrder += 1
        bytes += size
    }

    /// The peer with the most bytes, of several the one that came last.
    private func heaviest() -> PeerHandle? {
        loads.max { ($0.value.bytes, $0.key) < ($1.value.bytes, $1.key) }?.key
    }

    /// Lets go of an entry that found its place or has none.
    mutating func remove(leaf: Digest) {
        guard let gone = orphans.removeValue(forKey: leaf) else { return }
        let entry = gone.valid.entry
        loads[gone.peer]?.leaves[gone.order] = nil
        loads[gone.peer]?.bytes -= entry.bytes.count
        if loads[gone.peer]?.leaves.isEmpty == true { loads[gone.peer] = nil }
        lines[entry.meeting]?[entry.author]?[entry.sequence] = nil
        if lines[entry.meeting]?[entry.author]?.isEmpty == true {
            lines[entry.meeting]?[entry.author] = nil
            if lines[entry.meeting]?.isEmpty == true { lines[entry.meeting] = nil }
        }
        bytes -= entry.bytes.count
    }

    /// The orphans that may have a place once an entry has found its own.
    ///
    /// That is the next of its author, and after what changes a meeting the first of each author.
    func wakened(
        by valid: ValidEntry,
        now: Timestamp
    ) -> [(valid: ValidEntry, peer: PeerHandle)] {
        let entry = valid.entry
        guard entry.kind.isControl else {
            guard entry.sequence < .max,
                let leaf = lines[entry.meeting]?[entry.author]?[entry.sequence + 1]
            else { return [] }
            return found([leaf], now: now)
        }
        let meeting = entry.kind == .open ? valid.id : entry.meeting
        return firsts(of: lines[meeting] ?? [:], now: now)
    }

    /// The first orphan of an entry's author in its meeting.
    func next(
        inLineOf valid: ValidEntry,
        now: Timestamp
    ) -> [(valid: ValidEntry, peer: PeerHandle)] {
        let line = lines[valid.entry.meeting]?[valid.entry.author]
        guard let first = line?.min(by: { $0.key < $1.key }) else { return [] }
        return found([first.value], now: now)
    }

    /// The first orphan of each author in each meeting, after letting go of those past their time.
    mutating func firsts(now: Timestamp) -> [(valid: ValidEntry, peer: PeerHandle)] {
        expire(now: now)
        return lines.sorted { $0.key < $1.key }.flatMap { firsts(of: $0.value, now: now) }
    }

    private mutating func expire(now: Timestamp) {
        for orphan in orphans.values.sorted(by: { $0.order < $1.order }) where orphan.until <= now {
            remove(leaf: orphan.valid.leaf)
        }
    }

    private func firsts(
        of authors: [VerifyingKey: [UInt64: Digest]],
        now: Timestamp
    ) -> [(valid: ValidEntry, peer: PeerHandle)] {
        found(
            authors.sorted { $0.key < $1.key }.compactMap { line in
                line.value.min { $0.key < $1.key }?.value
            },
            now: now
        )
    }

    private func found(
        _ leaves: [Digest],
        now: Timestamp
    ) -> [(valid: ValidEntry, peer: PeerHandle)] {
        leaves.compactMap { orphans[$0] }.filter { $0.until > now }
            .map { (valid: $0.valid, peer: $0.peer) }
    }
}
