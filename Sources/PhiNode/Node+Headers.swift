import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Takes what a peer says of its tip, and asks for headers where it leads further.
    mutating func heard(_ claim: TipClaim, from handle: PeerHandle) throws(StoreFailure) {
        peers[handle]?.claim = claim
        hasDownloadsToPlan = true
        guard try tree.header(claim.hash, in: ledger) == nil else { return }
        guard claim.work > tree.best.header.chainWork else { return }
        try askForHeaders(of: handle)
    }

    /// Asks a peer for the headers after the best one here.
    mutating func askForHeaders(of handle: PeerHandle) throws(StoreFailure) {
        guard let peer = peers[handle], peer.isReady, peer.headersRequest == nil else { return }
        guard tree.plan.count < policy.headersAhead else { return }
        let deadline = now.adding(milliseconds: policy.headersPatience)
        peers[handle]?.headersRequest = Peer.HeadersRequest(deadline: deadline)
        peers[handle]?.retryHeadersAt = nil
        send(.getHeaders(try locator()), to: handle)
    }

    /// Hashes from the best header back, ever sparser, down to the genesis block.
    private func locator() throws(StoreFailure) -> [Digest] {
        var hashes: [Digest] = []
        let plan = tree.plan
        var back = 1
        while back <= plan.count, hashes.count < 24 {
            hashes.append(plan[plan.endIndex - back])
            back = back < 8 ? back + 1 : back * 2
        }
        var height = tree.fork
        var step: UInt32 = 1
        while hashes.count < Int(Limits.locatorHashes) - 1, height > .genesis {
            guard let header = try ledger.chain.header(at: height) else { break }
            hashes.append(header.hash)
            height = height.lowered(by: step)
            if hashes.count > 8 { step = min(step * 2, 1 << 24) }
        }
        return hashes + [network.chain]
    }

    /// Answers with the headers after the first known one of a locator.
    mutating func serveHeaders(
        _ locator: [Digest],
        to handle: PeerHandle
    ) throws(StoreFailure) {
        var start = Height.genesis
        for hash in locator {
            guard let height = try ledger.chain.height(of: hash) else { continue }
            start = height
            break
        }
        guard let message = try headerBatch(after: start, atMost: Int(Limits.headers)) else {
            return
        }
        send(message, to: handle)
    }

    func headerBatch(
        after start: Height,
        atMost limit: Int
    ) throws(StoreFailure) -> Message? {
        guard var parent = try ledger.chain.header(at: start) else { return nil }
        let parentHash = start == ledger.tip.header.height ? ledger.tip.hash : parent.hash
        var items: [CompactHeader] = []
        var byteCount = 0
        var next = start.next
        while items.count < limit, byteCount < Limits.headersByteCount - 256, let height = next,
            let header = try ledger.chain.header(at: height)
        {
            guard
                let compact = CompactHeader(
                    header,
                    after: parent.time,
                    minimumSpacing: network.parameters.minimumSpacing
                )
            else { throw .malformedRecord(kind: "header") }
            items.append(compact)
            byteCount += compact.body == nil ? 12 : 60
            parent = header
            next = height.next
        }
        guard let first = start.next else { return nil }
        return .headers(HeaderBatch(start: first, parent: parentHash, items: items))
    }

    /// Judges headers one after another and follows them if they lead further.
    mutating func received(
        _ batch: HeaderBatch,
        from handle: PeerHandle
    ) throws(StoreFailure) {
        guard var parent = try tree.header(batch.parent, in: ledger) else {
            return try unconnected(from: handle)
        }
        let wasAsked = peers[handle]?.headersRequest != nil
        peers[handle]?.headersRequest = nil
        guard !tree.isInvalid(parent.hash) else { return misbehaved(handle, .invalidHeader) }
        guard batch.start == parent.header.height.next else {
            return misbehaved(handle, .invalidHeader)
        }
        var frontier = try tree.frontier(through: parent, in: ledger)
        for compact in batch.items {
            let header: ValidHeader
            do {
                header = try rules.expand(compact, after: parent, historyRoot: frontier.root)
            } catch { return misbehaved(handle, .invalidHeader) }
            guard !rules.isTooNew(header.header, now: now) else {
                let retry = now.adding(milliseconds: 1_000)
                peers[handle]?.retryHeadersAt = retry
                return improve(claim: parent, of: handle)
            }
            frontier.append(leaf: header.header.historyLeaf)
            if try tree.header(header.hash, in: ledger) == nil {
                _ = try tree.insert(header, frontier: frontier, in: ledger)
                guard try checkDepth() else { return }
            }
            if tree.isInvalid(header.hash) { return misbehaved(handle, .invalidHeader) }
            parent = header
        }
        improve(claim: parent, of: handle)
        guard let claim = peers[handle]?.claim, try tree.header(claim.hash, in: ledger) == nil
        else { return }
        if batch.items.count == Int(Limits.headers) {
            if claim.work > tree.best.header.chainWork { try askForHeaders(of: handle) }
        } else if wasAsked {
            peers[handle]?.claim = Self.claim(of: parent)
        }
    }

    private static func claim(of header: ValidHeader) -> TipClaim {
        TipClaim(
            hash: header.hash,
            height: header.header.height,
            work: header.header.chainWork
        )
    }

    private mutating func improve(claim header: ValidHeader, of handle: PeerHandle) {
        guard let peer = peers[handle] else { return }
        hasDownloadsToPlan = true
        if let claim = peer.claim, claim.work >= header.header.chainWork { return }
        peers[handle]?.claim = Self.claim(of: header)
    }

    /// Asks for what lies between; while that is under way, new tips connect to nothing yet.
    private mutating func unconnected(from handle: PeerHandle) throws(StoreFailure) {
        guard peers[handle]?.headersRequest == nil else { return }
        let recent = (peers[handle]?.unconnected ?? []).filter { now.since($0) < 600_000 }
        peers[handle]?.unconnected = recent + [now]
        guard recent.count < policy.unconnectedHeaders else {
            return misbehaved(handle, .unconnectedHeaders)
        }
        try askForHeaders(of: handle)
    }

    /// Stops before a reorganization that undo data does not reach, unless it was accepted.
    ///
    /// - Returns: Whether the node goes on.
    private mutating func checkDepth() throws(StoreFailure) -> Bool {
        let tip = ledger.tip.header.height
        let depth = tip.distance(above: tree.fork)
        guard depth > 0 else { return true }
        let isInReach = try ledger.canUndo(to: tree.fork)
        guard depth > network.parameters.undoWindow || !isInReach else { return true }
        if let accepted = acceptedReorganization, tree.plan.contains(accepted) {
            halt(.rewind(to: tree.fork))
            return false
        }
        halt(.deepReorganization(fork: tree.fork, depth: depth, tip: tree.best.hash))
        return false
    }
}
