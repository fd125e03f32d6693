import PhiConsensus
import PhiCrypto
import PhiLedger

extension Mempool {
    /// Has what a promised entry may stand on kept over a restart as well.
    ///
    /// What came from peers is not stored. Without its author's earlier entries, the `open`, or the
    /// host's words about members, a promised entry would have no place after a restart.
    ///
    /// - Parameters:
    ///   - entry: What was promised.
    ///   - host: The host of the entry's meeting, nil where the pool has the `open`.
    /// - Returns: The entries that were not kept before.
    mutating func keep(before entry: Entry, host: VerifyingKey?) -> [PooledEntry] {
        let open = entries[entry.meeting]
        var ids = open.map { [$0.valid.id] } ?? []
        let hostKey = open?.valid.entry.author ?? host
        for author in [hostKey, entry.author].compactMap({ $0 }) {
            ids += bySlot[AuthorSlot(meeting: entry.meeting, author: author)] ?? []
        }
        var kept: [PooledEntry] = []
        for id in ids {
            guard let pooled = entries[id], !pooled.isOwn else { continue }
            own(id)
            kept.append(pooled)
        }
        return kept
    }
}
