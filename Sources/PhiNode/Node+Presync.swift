import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// The work of a chain from which on its headers are kept.
    var headerThreshold: Work {
        let tip = ledger.tip.header
        guard let recent = try? rules.work(of: tip.bits).multiplied(by: policy.recentBlocks),
            let own = tip.chainWork.subtracting(recent)
        else { return policy.minimumChainWork }
        return max(policy.minimumChainWork, own)
    }

    /// Bytes that headers hold which are looked through, or fetched again, and not in the tree.
    public var headerSyncBytes: Int {
        peers.values.reduce(stretches?.heldBytes ?? 0) { $0 + ($1.presync?.heldBytes ?? 0) }
    }

    /// Whether nothing keeps a peer from being asked for headers after the best one here.
    func mayAskForHeaders(of peer: Peer) -> Bool {
        guard peer.presync == nil else { return false }
        if let stretches, isEligible(peer, for: stretches) { return false }
        return peer.headersAfter <= now || (peer.awaitsPresync && hasPresyncSlot(for: peer))
    }

    /// Whether a batch of headers ends what was asked of a peer, and is not a tip that it tells.
    func isAnswer(_ batch: HeaderBatch, of handle: PeerHandle) -> Bool {
        guard let peer = peers[handle], let request = peer.headersRequest else { return false }
        guard peer.presync != nil || request.stretch != nil else { return true }
        return batch.items.count > 16
    }

    /// Starts to look through a peer's headers if there may be more work behind them.
    mutating func lowWork(
        _ run: HeaderRun,
        of batch: HeaderBatch,
        from handle: PeerHandle,
        wasAsked: Bool
    ) throws(StoreFailure) {
        guard run.tooNew == nil, let peer = peers[handle], let last = run.headers.last else {
            return
        }
        peers[handle]?.presync = nil
        guard batch.items.count == Int(Limits.headers) else {
            note(.lowWorkChain)
            if wasAsked { peers[handle]?.claim = Self.claim(of: last) }
            return
        }
        guard let claim = peer.claim, isWorthAsking(claim),
            peer.headersAfter <= now || peer.awaitsPresync
        else { return }
        guard openPresyncSlot(for: peer) else { return awaitPresync(of: handle) }
        var known = 0
        while try tree.header(run.headers[known].hash, in: ledger) != nil { known += 1 }
        let start = known == 0 ? batch.parent : run.headers[known - 1].hash
        guard let base = try tree.header(start, in: ledger) else { return }
        peers[handle]?.awaitsPresync = false
        peers[handle]?.headersAfter = .zero
        peers[handle]?.presync = HeaderPresync(
            after: base,
            frontier: try tree.frontier(through: base, in: ledger),
            accepted: acceptedReorganization,
            now: now
        )
        try extendPresync(of: handle, by: batch.items.dropFirst(known), isFull: true)
    }

    /// Takes headers that go on where the first pass over a peer's chain stands.
    ///
    /// - Returns: Whether the batch was such an answer.
    mutating func receivedPresync(
        _ batch: HeaderBatch,
        from handle: PeerHandle
    ) throws(StoreFailure) -> Bool {
        guard let peer = peers[handle], let presync = peer.presync,
            batch.parent == presync.last.hash, peer.headersRequest != nil
        else { return false }
        peers[handle]?.headersRequest = nil
        guard batch.start == presync.last.header.height.next else {
            misbehaved(handle, .invalidHeader)
            return true
        }
        let isFull = batch.items.count == Int(Limits.headers)
        try extendPresync(of: handle, by: batch.items[...], isFull: isFull)
        return true
    }

    private mutating func extendPresync(
        of handle: PeerHandle,
        by items: ArraySlice<CompactHeader>,
        isFull: Bool
    ) throws(StoreFailure) {
        guard var presync = peers[handle]?.presync else { return }
        peers[handle]?.presync = nil
        let tooNew: Header?
        // Whoever is past the last possible height shows too new times as well.
        do { tooNew = try presync.extend(by: items, rules: rules, now: now) } catch {
            return misbehaved(handle, .invalidHeader)
        }
        if let tooNew, let limit = HeaderPresync.heightLimit(of: network, now: now),
            UInt64(tooNew.height.rawValue) > limit
        {
            return misbehaved(handle, .tooManyHeaders)
        }
        if try isDeep(presync) {
            guard presync.work <= tree.best.header.chainWork else { return haltBefore(presync) }
        } else if presync.work >= headerThreshold {
            return try fetchAgain(presync, from: handle)
        }
        guard isFull, tooNew == nil else {
            note(.lowWorkChain)
            let after = now.adding(milliseconds: policy.lowWorkPause)
            peers[handle]?.headersAfter = after
            peers[handle]?.claim = Self.claim(of: presync.last)
            return
        }
        let locator = [presync.last.hash, presync.base.hash, network.chain]
        peers[handle]?.presync = presync
        request(locator, of: handle)
    }

    /// Whether a chain leaves the connected one deeper than undo data reaches.
    private func isDeep(_ presync: HeaderPresync) throws(StoreFailure) -> Bool {
        guard try ledger.chain.height(of: presync.base.hash) != nil else { return false }
        return try isOutOfReach(presync.base.header.height)
    }

    /// Stops before a heavier chain that undo data does not reach.
    private mutating func haltBefore(_ presync: HeaderPresync) {
        let fork = presync.base.header.height
        if presync.hasAccepted { return halt(.rewind(to: fork)) }
        let depth = ledger.tip.header.height.distance(above: fork)
        halt(.deepReorganization(fork: fork, depth: depth, tip: presync.last.hash))
    }

    /// Whether the first pass over a peer's headers goes on too slowly.
    func isTooSlow(_ presync: HeaderPresync) -> Bool {
        let patience = policy.presyncPatience + presync.count * policy.patiencePerHeader
        return now.since(presync.since) > patience
    }

    /// Whether a peer's headers could be looked through now.
    ///
    /// One peer is enough; while that one is not done, each minute another may join, because the
    /// first may never come to an end. Peers that we called do not wait for those that called us.
    private func hasPresyncSlot(for peer: Peer) -> Bool {
        let begun =
            readyPeers.compactMap { peers[$0]?.presync?.since }
            + (stretches.map { [$0.since] } ?? [])
        guard let first = begun.min() else { return true }
        let minutes = now.since(first) / max(1, policy.presyncPatience)
        if begun.count < min(policy.presyncs, Int(min(minutes, 1_000)) + 1) { return true }
        return !peer.isInbound && peers.values.contains { $0.isInbound && $0.presync != nil }
    }

    /// Makes room for one more peer whose headers are looked through, if it may.
    private mutating func openPresyncSlot(for peer: Peer) -> Bool {
        guard hasPresyncSlot(for: peer) else { return false }
        let others = readyPeers.filter {
            peers[$0]?.isInbound == true && peers[$0]?.presync != nil
        }
        guard !peer.isInbound, let other = others.last else { return true }
        stopPresync(of: other)
        awaitPresync(of: other)
        return true
    }

    /// Asks a peer again when there is room to look through its headers, or after a while.
    mutating func awaitPresync(of handle: PeerHandle) {
        let after = now.adding(milliseconds: policy.presyncPatience)
        peers[handle]?.awaitsPresync = true
        peers[handle]?.headersAfter = after
    }

    /// Ends the first pass over a peer's headers; an answer under way connects to nothing then.
    mutating func stopPresync(of handle: PeerHandle) {
        guard peers[handle]?.presync != nil else { return }
        peers[handle]?.presync = nil
        peers[handle]?.headersRequest = nil
    }
}
