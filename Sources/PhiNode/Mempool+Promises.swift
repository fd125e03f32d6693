import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger

extension Mempool {
    /// Has what a promised entry may stand on kept over a restart as well.
    ///
    /// What came from peers is not stored. Without its author's earlier entries, the `open` and
    /// what its host had opened before, or the host's words about members, a promised entry would
    /// have no place after a restart.
    ///
    /// Whatever precedes a kept entry in its author's chain is kept already, so that the look back
    /// ends there and not at the chain's beginning.
    ///
    /// - Parameter valid: What was promised.
    /// - Returns: The entries that were not kept before.
    /// - Throws: What the store could not read.
    mutating func keep(before valid: ValidEntry) throws(StoreFailure) -> [PooledEntry] {
        let entry = valid.entry
        var ids: [Digest] = []
        if let open = entries[entry.meeting] {
            ids += unkept(in: AuthorSlot(of: open.valid.entry), before: open.valid.id)
            if !open.isOwn { ids.append(open.valid.id) }
        }
        ids += unkept(in: AuthorSlot(of: entry), before: valid.id)
        if let host = try host(of: entry.meeting), host != entry.author {
            ids += unkept(in: AuthorSlot(meeting: entry.meeting, author: host), before: nil)
        }
        return ids.compactMap { id in
            own(id)
            return entries[id]
        }
    }

    /// The entries of an author before one of them, or all, back to the last that is kept.
    private func unkept(in slot: AuthorSlot, before id: Digest?) -> [Digest] {
        let line = ids(in: slot)
        let end = id.flatMap { line.lastIndex(of: $0) } ?? line.endIndex
        return line[..<end].reversed().prefix { entries[$0]?.isOwn == false }.reversed()
    }

    /// The host of a meeting whose `open` is in the chain or waits.
    private mutating func host(of meeting: Digest) throws(StoreFailure) -> VerifyingKey? {
        do { return try state.meeting(meeting)?.host } catch {
            guard case .source(let failure) = error else { return nil }
            throw failure
        }
    }
}
