import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Goes one block towards the best header, where everything for it is there.
    mutating func advance() throws(StoreFailure) {
        guard !hasMoved, let next = tree.plan.first else { return }
        guard tree.fork == ledger.tip.header.height else { return try retreat() }
        guard let header = tree.candidate(next) else { return }
        if header.header.entryCount == 0 {
            return try connect(header, ReadyBlock(entries: [], peer: nil))
        }
        if let block = ready[next] {
            ready[next] = nil
            unreserve(next)
            return try connect(header, block)
        }
        guard requested[next] == nil, !isInJudgement(next) else { return }
        let side = SideBlocks(ledger.store, network: network)
        if let body = try side.body(of: header) {
            reserve(next, UInt64(header.header.bodyBytes))
            try judge(body, of: header, from: nil)
            if ready[next] != nil { effects.append(.resume) }
        }
    }

    /// Connects a child of the tip whose body is here.
    mutating func connect(
        _ header: ValidHeader,
        _ block: ReadyBlock
    ) throws(StoreFailure) {
        var batch: WriteBatch
        do { batch = try ledger.connect(header, entries: block.entries) } catch {
            if case .store(let failure) = error { throw failure }
            effects.append(.report(.invalidBlock(header.hash, error)))
            try condemn(header.hash)
            blame(block.peer, for: header.hash)
            effects.append(.resume)
            return
        }
        try tree.connected(header, in: ledger)
        storedBeside.remove(header.hash)
        relayed.forget(header.hash)
        for valid in block.entries { settledLeaves.insert(valid.leaf) }
        for pooled in pool.recorded(block.entries) where pooled.isOwn {
            batch.forgetPromise(pooled.valid.id)
        }
        // A postponed entry has its promise, and is not in the pool.
        if postponed > 0 { for valid in block.entries { batch.forgetPromise(valid.id) } }
        if let peer = block.peer { peers[peer]?.lastBlockAt = now }
        easeStallTimeout()
        hasMoved = true
        movedAt = now
        let isLast = tree.plan.isEmpty
        let height = header.header.height.rawValue
        effects.append(.commit(batch, durable: isLast || height % 256 == 0))
        effects.append(.notify(.connected(header, block.entries)))
        isPoolStale = true
        hasNewTip = true
        hasDownloadsToPlan = hasDownloadsToPlan || hasFullWindow || height % 64 == 0
        effects.append(.resume)
    }

    /// Takes back one block on the way to a heavier branch, once its bodies are all here.
    private mutating func retreat() throws(StoreFailure) {
        guard !isRestoring, let goal = completeWork() else { return }
        tree.hold(until: goal)
        let old = ledger.tip
        var way =
            reorganization
            ?? Reorganization(origin: old, fork: tree.fork)
        way.fork = min(way.fork, tree.fork)
        reorganization = way
        hasMoved = true
        movedAt = now
        settledLeaves = RollingSet(limit: policy.rememberedLeaves)
        var (batch, block) = try ledger.disconnect()
        try tree.disconnected(old, in: ledger)
        storedBeside.insert(old.hash)
        let returned = block.body.entries.compactMap { ValidEntry(recorded: $0) }
        let (back, dropped) = pool.returned(returned, now: now)
        for pooled in back { batch.promise(pooled.valid, arrival: pooled.arrival) }
        isPoolStale = true
        effects.append(.commit(batch, durable: false))
        effects.append(.notify(.disconnected(old, block.body.entries)))
        var forgotten = WriteBatch()
        postpone(dropped, from: &forgotten)
        commit(forgotten, durable: false)
        effects.append(.resume)
    }

    /// Whether the chain lies below where it was, on its way over to a heavier branch.
    ///
    /// What is said of an entry then may be wrong a moment later.
    var isRetreating: Bool {
        guard let reorganization else {
            // A program that ended on the way over goes on with it when it starts.
            return tree.heldWork.map { ledger.tip.header.chainWork < $0 } ?? false
        }
        return ledger.tip.header.chainWork < reorganization.origin.header.chainWork
    }

    /// Whether there is a way to a better tip, and nothing has come of it for a while.
    ///
    /// Whoever shows a header and keeps the body must not keep a node from its own tip. On a way
    /// over all bodies are here, and time that went by says nothing, as on a machine that slept.
    func isHeldUp(at now: Timestamp) -> Bool {
        guard let next = tree.plan.first, now.since(movedAt) >= policy.stallPatience else {
            return false
        }
        guard tree.heldWork != nil, let header = tree.candidate(next) else { return true }
        return !isHere(header) && !isInJudgement(next)
    }

    /// The work of the first header that outweighs the tip, where all bodies up to it are here.
    private func completeWork() -> Work? {
        if let goal = tree.heldWork { return goal }
        for hash in tree.plan {
            guard let header = tree.candidate(hash), isHere(header) else { return nil }
            if header.header.chainWork > ledger.tip.header.chainWork {
                return header.header.chainWork
            }
        }
        return nil
    }

    /// Whether nothing of a block is left to be fetched.
    func isHere(_ header: ValidHeader) -> Bool {
        header.header.entryCount == 0 || storedBeside.contains(header.hash)
            || ready[header.hash] != nil
    }

    /// Looks for the best header again once the chain is as heavy as the way over led it to be.
    ///
    /// On the way over it may lie below where it was. A heavier header that comes meanwhile, and
    /// whose bodies may be long in coming, must not keep it there.
    ///
    /// Runs at the start of a step, when all earlier batches are in the store.
    mutating func releaseTarget() throws(StoreFailure) {
        guard let goal = tree.heldWork, ledger.tip.header.chainWork >= goal else { return }
        try tree.release(in: ledger)
        hasDownloadsToPlan = true
        _ = try checkDepth()
    }

    /// Lays the pool over the new tip and tells everybody, once the chain stands still.
    ///
    /// Runs at the start of a step, when all earlier batches are in the store.
    mutating func settle() throws(StoreFailure) {
        guard isPoolStale, !isRestoring else { return }
        let isMoving = !tree.plan.isEmpty && !isHeldUp(at: now)
        guard !isMoving || (reorganization == nil && !isRetreating && pool.count < 256) else {
            return
        }
        if postponed > 0, !isMoving {
            try restorePromised()
            guard !isRestoring else { return }
        }
        isPoolStale = false
        var batch = WriteBatch()
        drop(try pool.rebase(onto: ledger), from: &batch)
        commit(batch, durable: false)
        guard !isMoving else { return }
        let done = reorganization
        reorganization = nil
        if let done, try ledger.chain.height(of: done.origin.hash) == nil {
            reorganizations += 1
            deepestReorganization = max(deepestReorganization, done.depth)
            effects.append(.report(.reorganized(depth: done.depth, fork: done.fork)))
        }
        if hasNewTip {
            hasNewTip = false
            try announceTip()
        }
        try retryOrphans()
        effects.append(.templateChanged)
    }
}
