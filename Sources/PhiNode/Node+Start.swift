import PhiChain
import PhiConsensus
import PhiLedger

extension Node {
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
        try restorePromised()
        dialPeers()
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
