import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Begins to fetch headers again that were looked through and have enough work.
    mutating func fetchAgain(
        _ presync: HeaderPresync,
        from handle: PeerHandle
    ) throws(StoreFailure) {
        guard stretches == nil else {
            // The chain that is being fetched comes first.
            peers[handle]?.awaitsPresync = true
            return
        }
        guard !presync.stretches.isEmpty else { return }
        stretches = StretchFetch(
            presync,
            from: handle,
            deadline: now.adding(milliseconds: policy.presyncPatience)
        )
    }

    /// Whether a peer may have the stretches that are fetched.
    func isEligible(_ peer: Peer, for stretches: StretchFetch) -> Bool {
        guard peer.isReady, let claim = peer.claim else { return false }
        return claim.work >= stretches.work && !stretches.lacking.contains(peer.handle)
    }

    /// Takes a stretch into the tree and asks for those after it.
    mutating func scheduleStretches() throws(StoreFailure) {
        guard let fetch = stretches else { return }
        if fetch.nextHeaders != nil, hasRoomForStretch { try insertStretch() }
        guard let fetch = stretches else { return }
        guard fetch.next < fetch.count else { return try endFetch(askingMore: true) }
        guard hasRoomForStretch else {
            guard !tree.plan.isEmpty else { return try endFetch(askingMore: false) }
            return extendPatience(by: 0)
        }
        if fetch.nextHeaders != nil { effects.append(.resume) }
        let owners = readyPeers.filter { handle in
            peers[handle].map { isEligible($0, for: fetch) } ?? false
        }
        guard !owners.isEmpty, now <= fetch.deadline else { return try endFetch(askingMore: false) }
        askForStretches(of: owners)
    }

    /// Whether so many headers are known ahead of the blocks that no more are wanted.
    private var hasRoomForStretch: Bool {
        tree.plan.count < policy.headersAhead && tree.shelteredCount < policy.headersAhead
    }

    /// Asks each peer that has nothing to answer for one stretch, the source first.
    private mutating func askForStretches(of owners: [PeerHandle]) {
        guard let source = stretches?.source else { return }
        for handle in owners.filter({ $0 == source }) + owners.filter({ $0 != source }) {
            guard let peer = peers[handle], peer.headersRequest == nil, peer.presync == nil,
                let index = stretches?.unasked(
                    in: policy.stretchesAhead,
                    now: now,
                    patience: policy.stretchPatience
                ),
                let place = stretches?.place(index)
            else { continue }
            stretches?.ask(handle, for: index, now: now)
            request([place.parent], of: handle, for: place)
        }
    }

    /// Takes headers that a peer was asked for by the stretch.
    ///
    /// - Returns: Whether the batch was such an answer.
    mutating func receivedStretch(
        _ batch: HeaderBatch,
        from handle: PeerHandle
    ) throws(StoreFailure) -> Bool {
        guard let place = peers[handle]?.headersRequest?.stretch else { return false }
        guard batch.parent == place.parent || isAnswer(batch, of: handle) else { return false }
        peers[handle]?.headersRequest = nil
        guard stretches?.wants(place) == true else { return true }
        guard batch.parent == place.parent else {
            return lacks(handle, place)
        }
        let answer: StretchFetch.Answer?
        do {
            answer = try stretches?.judge(batch.items, at: place.index, rules: rules, now: now)
        } catch {
            misbehaved(handle, .invalidHeader)
            return true
        }
        guard case .headers(let headers) = answer else {
            let isOwn = handle == stretches?.source
            let isLast = place.index + 1 == stretches?.count
            if isOwn, !isLast { misbehaved(handle, .switchedHeaders) }
            return lacks(handle, place)
        }
        stretches?.keep(headers, at: place.index)
        return true
    }

    /// Notes that a peer is on another chain than the one that is fetched.
    private mutating func lacks(_ handle: PeerHandle, _ place: StretchFetch.Place) -> Bool {
        if stretches?.isAsked(handle, for: place.index) == true { stretches?.release(place.index) }
        if peers[handle] != nil { stretches?.lacking.insert(handle) }
        return true
    }

    private mutating func insertStretch() throws(StoreFailure) {
        guard let fetch = stretches, let headers = fetch.nextHeaders else { return }
        let before = fetch.place(fetch.next).parent
        guard let parent = try tree.header(before, in: ledger), !tree.isInvalid(before) else {
            return try endFetch(askingMore: false)
        }
        var frontier = try tree.frontier(through: parent, in: ledger)
        for header in headers {
            frontier.append(leaf: header.header.historyLeaf)
            guard try tree.header(header.hash, in: ledger) == nil else { continue }
            _ = try tree.insert(header, frontier: frontier, in: ledger, isSheltered: true)
            guard try checkDepth() else { return }
            guard !tree.isInvalid(header.hash) else { return try endFetch(askingMore: false) }
        }
        stretches?.advance()
        hasDownloadsToPlan = true
        extendPatience(by: UInt64(headers.count) * policy.patiencePerHeader)
    }

    private mutating func extendPatience(by milliseconds: UInt64) {
        guard let deadline = stretches?.deadline else { return }
        let least = now.adding(milliseconds: policy.presyncPatience)
        stretches?.deadline = max(least, deadline.adding(milliseconds: milliseconds))
    }

    /// Goes back to asking peers for what follows the best header.
    private mutating func endFetch(askingMore: Bool) throws(StoreFailure) {
        guard let fetch = stretches else { return }
        stretches = nil
        for handle in readyPeers {
            guard let peer = peers[handle] else { continue }
            peers[handle]?.awaitsPresync = false
            guard askingMore, isEligible(peer, for: fetch) else { continue }
            if handle == fetch.source { try askForHeaders(of: handle) }
        }
        guard !askingMore, peers[fetch.source] != nil else { return }
        let after = now.adding(milliseconds: policy.lowWorkPause)
        peers[fetch.source]?.headersAfter = after
    }

    /// Lets a branch be evicted again that was fetched and did not become the best.
    mutating func releaseShelter() {
        guard stretches == nil, !peers.values.contains(where: { $0.headersRequest != nil }) else {
            return
        }
        tree.releaseShelter()
    }
}
