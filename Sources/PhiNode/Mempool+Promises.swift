import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger

extension Mempool {
    /// Has what a promised entry may stand on kept over a restart as well.
    ///
    /// What came from peers is not stored. Without its author's earlier entries, the `open`, or the
    /// host's words about members, a promised entry would have no place after a restart.
    ///
    /// Whatever precedes a kept entry in its author's chain is kept already, so that the look back
    /// ends there and not at the chain's beginning.
    ///
    /// - Parameter entry: What was promised.
    /// - Returns: The entries that were not kept before.
    /// - Throws: What the store could not read.
    mutating func keep(before entry: Entry) throws(StoreFailure) -> [PooledEntry] {
        var ids: [Digest] = []
        if let open = entries[entry.meeting], !open.isOwn { ids.append(open.valid.id) }
        var authors = [entry.author]
        if let host = try host(of: entry.meeting), host != entry.author { authors.append(host) }
        for author in authors {
            let slot = AuthorSlot(meeting: entry.meeting, author: author)
            let last = self.ids(in: slot).reversed()
                .drop { entries[$0]?.valid.entry == entry }
                .prefix { entries[$0]?.isOwn == false }
            ids += last.reversed()
        }
        return ids.compactMap { id in
            own(id)
            return entries[id]
        }
    }

    /// The host of a meeting whose `open` is in the chain or waits.
    private mutating func host(of meeting: Digest) throws(StoreFailure) -> VerifyingKey? {
        do { return try state.meeting(meeting)?.host } catch {
            guard case .source(let failure) = error else { return nil }
            throw failure
        }
    }
}
