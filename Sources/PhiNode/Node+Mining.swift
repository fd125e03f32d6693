public import PhiChain
import PhiConsensus
import PhiCrypto
public import PhiLedger
public import PhiWire

extension Node {
    /// What a miner should work on at a time, on top of the tip.
    ///
    /// - Throws: What the store could not read.
    public func template(at now: Timestamp) throws(StoreFailure) -> BlockTemplate? {
        guard !isHalted, tree.plan.isEmpty, !isPoolStale else { return nil }
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
        guard header.previous == ledger.tip.hash, tree.plan.isEmpty else { return }
        let judged: ValidHeader
        do {
            judged = try rules.judge(header, after: ledger.tip, historyRoot: ledger.history.root)
        } catch { return }
        guard BlockBody(entries.map(\.entry)).root == header.entriesRoot else { return }
        var frontier = ledger.history
        frontier.append(leaf: header.historyLeaf)
        guard try tree.insert(judged, frontier: frontier, in: ledger) else { return }
        ready[judged.hash] = ReadyBlock(entries: entries, peer: nil)
    }

    /// How far the node is with the chain.
    public var sync: NodeStatus.Sync {
        if !tree.plan.isEmpty { return .syncing }
        let claims = peers.values.filter(\.isReady).compactMap(\.claim)
        guard !claims.isEmpty else { return .waiting }
        let isBehind = claims.contains { $0.work > ledger.tip.header.chainWork }
        return isBehind ? .syncing : .synced
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
            warnings: deepestReorganization >= 6
                ? ["a reorganization took back six blocks or more"] : [],
            reorganizations: reorganizations,
            deepestReorganization: deepestReorganization
        )
    }

    private func status(of handle: PeerHandle) -> PeerStatus? {
        peers[handle].map { peer in
            PeerStatus(
                connection: handle,
                identity: peer.identity,
                address: peer.address,
                isInbound: peer.isInbound,
                height: peer.claim?.height ?? .genesis,
                pingMilliseconds: peer.pingMilliseconds,
                since: peer.since
            )
        }
    }

    /// What the pool knows of entries.
    public func pooled(_ query: PoolQuery) -> [PooledEntry] { pool.answer(query) }

    /// The records of peers that are worth keeping over a restart.
    public var knownRecords: [NodeRecord] { book.allRecords }
}
