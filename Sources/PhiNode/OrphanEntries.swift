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
    private var bytes = 0
    private var nextOrder: UInt64 = 0
    private let policy: NodePolicy

    init(policy: NodePolicy) {
        self.policy = policy
    }

    var isEmpty: Bool { orphans.isEmpty }

    func contains(leaf: Digest) -> Bool { orphans[leaf] != nil }

    /// Keeps an entry, unless its peer or all have too many already.
    mutating func keep(_ valid: ValidEntry, from peer: PeerHandle, now: Timestamp) {
        let size = valid.entry.bytes.count
        let ofPeer = orphans.values.reduce(0) { $0 + ($1.peer == peer ? 1 : 0) }
        guard orphans[valid.leaf] == nil, ofPeer < policy.orphansPerPeer,
            bytes + size <= policy.orphanBytes
        else { return }
        orphans[valid.leaf] = Orphan(
            valid: valid,
            peer: peer,
            until: now.adding(milliseconds: policy.orphanPatience),
            order: nextOrder
        )
        nextOrder += 1
        bytes += size
    }

    /// Takes out all that have waited long enough, and gives the rest to be tried again.
    mutating func takeAll(now: Timestamp) -> [(valid: ValidEntry, peer: PeerHandle)] {
        let waiting = orphans.values.filter { $0.until > now }.sorted { $0.order < $1.order }
        orphans = [:]
        bytes = 0
        return waiting.map { (valid: $0.valid, peer: $0.peer) }
    }
}
