import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger

extension Node {
    /// Entries that are judged at once when a node starts.
    private static var restoreBatch: Int { 2_048 }

    /// Brings back side blocks and promised entries, and calls the first peers.
    mutating func start() throws(StoreFailure) {
        startSlots()
        let side = SideBlocks(ledger.store, network: network)
        var batch = WriteBatch()
        for header in try side.headers(limit: BlockTree<Store>.candidateLimit / 2) {
            let depth = ledger.tip.header.height.distance(above: header.header.height)
            guard depth <= network.parameters.undoWindow else {
                batch.deleteSideBlock(header.hash)
                continue
            }
            guard try tree.header(header.hash, in: ledger) == nil,
                let parent = try tree.header(header.header.previous, in: ledger)
            else { continue }
            var frontier = try tree.frontier(through: parent, in: ledger)
            frontier.append(leaf: header.header.historyLeaf)
            _ = try tree.insert(header, frontier: frontier, in: ledger)
            storedBeside.insert(header.hash)
        }
        // A program that ended on its way over to another branch goes on before anything else.
        if !tree.plan.isEmpty { tree.hold(until: tree.best.header.chainWork) }
        commit(batch, durable: false)
        let promised = try PooledEntries(ledger.store, network: network).all()
        for start in stride(from: 0, to: promised.count, by: Self.restoreBatch) {
            let batch = promised[start..<min(start + Self.restoreBatch, promised.count)]
            let token = token()
            judgements[token] = .restored
            try judge(Array(batch), as: token)
        }
        dialPeers()
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
        drop(dropped, from: &batch)
        commit(batch, durable: false)
        isPoolStale = true
        effects.append(.resume)
    }

    mutating func commit(_ batch: WriteBatch, durable: Bool) {
        guard !batch.isEmpty else { return }
        effects.append(.commit(batch, durable: durable))
    }

    /// Tells that entries left the pool, and forgets the promises to keep them.
    mutating func drop(_ dropped: [(PooledEntry, DropReason)], from batch: inout WriteBatch) {
        for (pooled, reason) in dropped {
            if pooled.isOwn, reason != .replaced { batch.forgetPromise(pooled.valid.id) }
            effects.append(.notify(.dropped(pooled, reason)))
        }
    }
}
