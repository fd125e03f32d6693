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
        guard isWorthAsking(claim) else { return }
        try askForHeaders(of: handle)
    }

    /// Whether headers on the way to a tip that a peer told could be kept, and lead further.
    func isWorthAsking(_ claim: TipClaim) -> Bool {
        claim.work > tree.best.header.chainWork && claim.work >= headerThreshold
    }

    /// Asks a peer for the headers after the best one here, or after one that it has shown.
    ///
    /// - Returns: Whether it was asked.
    @discardableResult
    mutating func askForHeaders(
        of handle: PeerHandle,
        after shown: Digest? = nil
    ) throws(StoreFailure) -> Bool {
        guard let peer = peers[handle], peer.isReady, peer.headersRequest == nil else {
            return false
        }
        guard tree.plan.count < policy.headersAhead, mayAskForHeaders(of: peer) else {
            return false
        }
        peers[handle]?.retryHeadersAt = nil
        try request((shown.map { [$0] } ?? []) + locator(), of: handle)
        return true
    }

    /// Sends a request for headers, which must be answered in time.
    mutating func request(
        _ locator: [Digest],
        of handle: PeerHandle,
        for stretch: StretchFetch.Place? = nil
    ) {
        let deadline = now.adding(milliseconds: policy.headersPatience)
        peers[handle]?.headersRequest = Peer.HeadersRequest(deadline: deadline, stretch: stretch)
        send(.getHeaders(locator), to: handle)
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
        while hashes.count < Int(Limits.locatorHashes) - 2, height > .genesis {
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
        if try receivedPresync(batch, from: handle) { return }
        if try receivedStretch(batch, from: handle) { return }
        guard let parent = try tree.header(batch.parent, in: ledger) else {
            return try unconnected(from: handle)
        }
        let wasAsked = isAnswer(batch, of: handle)
        if wasAsked {
            peers[handle]?.headersRequest = nil
            peers[handle]?.presync = nil
        }
        guard !tree.isInvalid(parent.hash), batch.start == parent.header.height.next else {
            return misbehaved(handle, .invalidHeader)
        }
        let run: HeaderRun
        do {
            run = try HeaderRun(
                expanding: batch.items,
                after: parent,
                frontier: try tree.frontier(through: parent, in: ledger),
                rules: rules,
                now: now
            )
        } catch let failure as StoreFailure { throw failure } catch {
            return misbehaved(handle, .invalidHeader)
        }
        if let tooNew = run.tooNew { retry(tooNew, of: handle) }
        let last = run.headers.last ?? parent
        if last.header.chainWork < headerThreshold,
            try tree.header(last.hash, in: ledger) == nil
        {
            return try lowWork(run, of: batch, from: handle, wasAsked: wasAsked)
        }
        // A branch worth keeping, or one that our clock does not let in yet, excuses its tips.
        if wasAsked, !run.headers.isEmpty || run.tooNew != nil {
            peers[handle]?.unconnected = []
        }
        guard try follow(run.headers, after: parent, from: handle) else { return }
        improve(claim: last, of: handle)
        guard run.tooNew == nil, let claim = peers[handle]?.claim,
            try tree.header(claim.hash, in: ledger) == nil
        else { return }
        if batch.items.count == Int(Limits.headers) {
            guard isWorthAsking(claim) else { return }
            try askForHeaders(of: handle, after: last.hash)
        } else if wasAsked {
            peers[handle]?.claim = Self.claim(of: last)
        }
    }

    /// Takes judged headers into the tree.
    ///
    /// - Returns: Whether the node and its sender go on.
    private mutating func follow(
        _ headers: [ValidHeader],
        after parent: ValidHeader,
        from handle: PeerHandle
    ) throws(StoreFailure) -> Bool {
        var frontier = try tree.frontier(through: parent, in: ledger)
        for header in headers {
            frontier.append(leaf: header.header.historyLeaf)
            if try tree.header(header.hash, in: ledger) == nil {
                _ = try tree.insert(header, frontier: frontier, in: ledger)
                guard try checkDepth() else { return false }
            }
            guard !tree.isInvalid(header.hash) else {
                misbehaved(handle, .invalidHeader)
                return false
            }
        }
        return true
    }

    /// Tries a header again that lies too far ahead of the clock, sooner if it is not far.
    private mutating func retry(_ tooNew: Header, of handle: PeerHandle) {
        let isNear = !rules.isTooNew(tooNew, now: now.adding(milliseconds: 60_000))
        let retry = now.adding(milliseconds: isNear ? 1_000 : 60_000)
        peers[handle]?.retryHeadersAt = retry
        note(.futureHeader)
        if !isNear { peers[handle]?.headersAfter = retry }
    }

    static func claim(of header: ValidHeader) -> TipClaim {
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
        let recent = (peers[handle]?.unconnected ?? []).filter { now.since($0) < 600_000 }
        guard try askForHeaders(of: handle) else { return }
        peers[handle]?.unconnected = recent + [now]
        guard recent.count < policy.unconnectedHeaders else {
            return misbehaved(handle, .unconnectedHeaders)
        }
    }

    /// Stops before a reorganization that undo data does not reach, unless it was accepted.
    ///
    /// - Returns: Whether the node goes on.
    mutating func checkDepth() throws(StoreFailure) -> Bool {
        let tip = ledger.tip.header.height
        let depth = tip.distance(above: tree.fork)
        guard try isOutOfReach(tree.fork) else { return true }
        if let accepted = acceptedReorganization, tree.plan.contains(accepted) {
            halt(.rewind(to: tree.fork))
            return false
        }
        halt(.deepReorganization(fork: tree.fork, depth: depth, tip: tree.best.hash))
        return false
    }

    /// Whether undo data does not lead back to a block of the connected chain.
    func isOutOfReach(_ fork: Height) throws(StoreFailure) -> Bool {
        let depth = ledger.tip.header.height.distance(above: fork)
        guard depth > 0 else { return false }
        let isInReach = try ledger.canUndo(to: fork)
        return depth > network.parameters.undoWindow || !isInReach
    }
}
