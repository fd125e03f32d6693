import PhiConsensus
import PhiCrypto
import PhiLedger

/// Entries of peers that wait for entries before them.
struct OrphanEntries: Sendable {
    private struct Orphan: Sendable {
        let valid: ValidEntry
        let peer: PeerHandle
        let until: Timestamp
        let order: UInt64
    }

    private var orphans: [Digest: Orphan] = [:]
    private var countByPeer: [PeerHandle: Int] = [:]
    private var bytes = 0
    private var nextOrder: UInt64 = 0
    private let policy: NodePolicy

    init(policy: NodePolicy) {
        self.policy = policy
    }

    var isEmpty: Bool { orphans.isEmpty }

    func contains(leaf: Digest) -> Bool { orphans[leaf] != nil }

    /// All leaf hashes, ascending.
    var leaves: [Digest] { orphans.keys.sorted() }

    func entry(leaf: Digest) -> Entry? { orphans[leaf]?.valid.entry }

    /// Keeps an entry, unless it is kept, or its peer or all have too many already.
    mutating func keep(_ valid: ValidEntry, from peer: PeerHandle, now: Timestamp) {
        let size = valid.entry.bytes.count
        guard orphans[valid.leaf] == nil,
            countByPeer[peer, default: 0] < policy.orphansPerPeer,
            bytes + size <= policy.orphanBytes
        else { return }
        orphans[valid.leaf] = Orphan(
            valid: valid,
            peer: peer,
            until: now.adding(milliseconds: policy.orphanPatience),
            order: nextOrder
        )
        nextOrder += 1
        countByPeer[peer, default: 0] += 1
        bytes += size
    }

    /// Lets go of an entry that found its place or has none.
    mutating func remove(leaf: Digest) {
        guard let gone = orphans.removeValue(forKey: leaf) else { return }
        let rest = countByPeer[gone.peer, default: 1] - 1
        countByPeer[gone.peer] = rest > 0 ? rest : nil
        bytes -= gone.valid.entry.bytes.count
    }

    /// Lets go of all that have waited long enough, and gives the rest to be tried again.
    mutating func waiting(now: Timestamp) -> [(valid: ValidEntry, peer: PeerHandle)] {
        for orphan in orphans.values.sorted(by: { $0.order < $1.order }) where orphan.until <= now {
            remove(leaf: orphan.valid.leaf)
        }
        return orphans.values.sorted { $0.order < $1.order }
            .map { (valid: $0.valid, peer: $0.peer) }
    }
}
