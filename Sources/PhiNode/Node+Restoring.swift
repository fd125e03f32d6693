import PhiChain
import PhiConsensus
import PhiLedger

extension Node {
    /// Has the promised entries judged that are not in the pool, and put back.
    ///
    /// One batch follows another, and the pool is laid over the tip when all are in it: each entry
    /// may stand on one of another batch. Until then nothing is judged by its place.
    ///
    /// Runs when all earlier batches are in the store.
    mutating func restorePromised() throws(StoreFailure) {
        postponed = 0
        let promised = try PooledEntries(ledger.store, network: network).ids()
        for id in promised where pool.entries[id] != nil { pool.own(id) }
        toRestore = promised.filter { pool.entries[$0] == nil }[...]
        try judgeNextPromised()
    }

    /// Whether promised entries are still to be put back, so that nothing has its place yet.
    var isRestoring: Bool { !toRestore.isEmpty }

    private mutating func judgeNextPromised() throws(StoreFailure) {
        guard isRestoring else { return }
        isPoolStale = true
        let promised = PooledEntries(ledger.store, network: network)
        var next: [Entry] = []
        var bytes = 0
        restoring = 0
        for id in toRestore where bytes < policy.restoredAtOnce {
            restoring += 1
            guard let entry = try promised.entry(id) else { continue }
            next.append(entry)
            bytes += entry.bytes.count
        }
        let token = token()
        judgements[token] = .restored
        try judge(next, as: token)
    }

    /// Takes promised entries back into the pool; those without a place leave it in `settle`.
    mutating func restored(
        _ results: [Result<ValidEntry, EntryViolation>]
    ) throws(StoreFailure) {
        var batch = WriteBatch()
        var waiting: [ValidEntry] = []
        for result in results {
            guard case .success(let valid) = result else { continue }
            if try ledger.chain.position(of: valid.id) == nil {
                waiting.append(valid)
            } else {
                batch.forgetPromise(valid.id)
            }
        }
        let (back, dropped) = pool.restored(waiting, now: now)
        for pooled in back {
            batch.promise(pooled.valid, arrival: pooled.arrival)
            effects.append(.notify(.pooled(pooled)))
            announce(pooled.valid.leaf, except: nil)
        }
        postpone(dropped, from: &batch)
        commit(batch, durable: false)
        toRestore = toRestore.dropFirst(restoring)
        if toRestore.isEmpty { toRestore = [] }
        try judgeNextPromised()
        effects.append(.resume)
    }

    /// Lets entries leave a pool that is too full on the way over to another branch.
    ///
    /// The promises of as many as a pool holds are kept, and redeemed at the end of the way: it
    /// fills the pool with what the other branch may record again.
    mutating func postpone(_ dropped: [(PooledEntry, DropReason)], from batch: inout WriteBatch) {
        for (pooled, reason) in dropped {
            if pooled.isOwn, isRetreating, postponed < policy.poolEntries {
                postponed += 1
            } else {
                drop([(pooled, reason)], from: &batch)
            }
        }
    }
}
