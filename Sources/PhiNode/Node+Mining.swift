public import PhiChain
public import PhiConsensus
import PhiCrypto
public import PhiLedger
import PhiWire

extension Node {
    /// What a miner should work on at a time, on top of the tip.
    ///
    /// - Throws: What the store could not read.
    public func template(at now: Timestamp) throws(StoreFailure) -> BlockTemplate? {
        guard !isHalted, tree.plan.isEmpty || isHeldUp(at: now), !isPoolStale else { return nil }
        let tip = ledger.tip
        guard let height = tip.header.height.next else { return nil }
        var chooser = TemplateChooser(pool, over: ledger, height: height)
        let entries = try chooser.choose()
        let body = BlockBody(entries.map(\.entry))
        do {
            let header = try rules.draft(
                after: tip,
                time: max(now, rules.earliestTime(after: tip.header)),
                entryCount: UInt32(entries.count),
                bodyBytes: UInt32(body.byteCount),
                entriesRoot: MerkleTree.root(ofLeaves: entries.map(\.leaf)),
                historyRoot: ledger.history.root
            )
            guard !rules.isTooNew(header, now: now) else { return nil }
            return BlockTemplate(
                header: header,
                target: try rules.target(of: header.bits),
                entries: entries
            )
        } catch { return nil }
    }

    /// Takes a block that the miner found, if it still stands on the tip.
    mutating func mined(_ header: Header, _ entries: [ValidEntry]) throws(StoreFailure) {
        guard header.previous == ledger.tip.hash else { return }
        let judged: ValidHeader
        do {
            judged = try rules.judge(header, after: ledger.tip, historyRoot: ledger.history.root)
        } catch { return }
        guard BlockBody(entries.map(\.entry)).root == header.entriesRoot else { return }
        guard judged.header.chainWork >= tree.best.header.chainWork || isHeldUp(at: now) else {
            return
        }
        try connect(judged, ReadyBlock(entries: entries, peer: nil))
    }

    /// Headers ahead whose bodies nobody gives that do not keep a node from its own tip.
    private static var heldUpLimit: Int { 6 }

    /// How far the node is with the chain.
    ///
    /// What peers only claim counts by majority, and by the peers that were called where there
    /// are any, so that one liar cannot keep a miner waiting.
    public var sync: NodeStatus.Sync {
        let isHeldUp = isHeldUp(at: now)
        if !tree.plan.isEmpty, !isHeldUp || tree.plan.count > Self.heldUpLimit { return .syncing }
        let ready = peers.values.filter { $0.isReady && $0.claim != nil }
        guard !ready.isEmpty else { return .waiting }
        let called = ready.filter { !$0.isInbound }
        let claims = (called.isEmpty ? ready : called).compactMap(\.claim)
        let ahead = claims.filter { $0.work > ledger.tip.header.chainWork }
        return !isHeldUp && ahead.count * 2 > claims.count ? .syncing : .synced
    }

    /// What the node says about itself now.
    public var status: NodeStatus {
        NodeStatus(
            tip: ledger.tip,
            bestHeaderHeight: tree.best.header.height,
            sync: sync,
            pooledEntries: pool.count,
            pooledBytes: pool.byteCount,
            minimumDensity: pool.minimumDensity,
            peers: readyPeers.compactMap(status(of:)),
            warnings: (deepestReorganization >= 6
                ? ["a reorganization took back six blocks or more"] : []) + slots.warnings,
            reorganizations: reorganizations,
            deepestReorganization: deepestReorganization,
            memory: memory,
            observedAddress: slots.observed,
            knownAddresses: book.count,
            triedAddresses: book.triedCount,
            ignoredRecords: slots.ignoredRecords
        )
    }

    private func status(of handle: PeerHandle) -> PeerStatus? {
        peers[handle].map { peer in
            PeerStatus(
                connection: handle,
                identity: peer.identity,
                address: peer.address,
                isInbound: peer.isInbound,
                kind: peer.kind,
                way: peer.way,
                height: peer.claim?.height ?? .genesis,
                pingMilliseconds: peer.pingMilliseconds,
                since: peer.since
            )
        }
    }

    /// What the pool knows of entries.
    public func pooled(_ query: PoolQuery) -> [PooledEntry] { pool.answer(query) }
}

extension Node {
    /// The last connected block.
    public var tip: ValidHeader { ledger.tip }

    /// Entries in the pool.
    public var pooledCount: Int { pool.count }
}
