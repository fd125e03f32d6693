import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Does all whose time has come.
    mutating func tick() throws(StoreFailure) {
        if let wish = nextWake, wish <= now { nextWake = nil }
        wakesUnderWay = max(0, wakesUnderWay - 1)
        for handle in peers.keys.sorted() { try check(handle) }
        releaseShelter()
        expireEntryRequests()
        try expireAssemblies()
        try tendLinks()
        dialPeers()
        endStall()
        try forgetUnavailable()
        hasDownloadsToPlan = true
    }

    private mutating func check(_ handle: PeerHandle) throws(StoreFailure) {
        guard let peer = peers[handle] else { return }
        guard peer.isReady else {
            if now.since(peer.since) >= policy.helloPatience { close(handle, .timeout("hello")) }
            return
        }
        if let nonce = peer.pingNonce, nonce != 0, now.since(peer.pingSentAt) >= policy.pingPatience
        {
            return close(handle, .timeout("ping"))
        }
        if peer.pingNonce == nil, now.since(peer.pingSentAt) >= policy.pingInterval {
            ping(handle)
        }
        if let request = peer.headersRequest, request.deadline <= now {
            return close(handle, .timeout("headers"))
        }
        if let presync = peer.presync, isTooSlow(presync) {
            return close(handle, .timeout("headers"))
        }
        if let at = peer.retryHeadersAt, at <= now { try askForHeaders(of: handle) }
        if let claim = peer.claim, isWorthAsking(claim) {
            try askForHeaders(of: handle)
        }
        if isTooSlow(peer) {
            note(.overdueBlock)
            return close(handle, .timeout("block"))
        }
        if peer.reconcileAt <= now, !peer.isInbound, peer.sharesEntries {
            let next = now.adding(milliseconds: policy.reconcileInterval)
            peers[handle]?.reconcileAt = next
            reconcile(with: handle)
        }
    }

    private mutating func ping(_ handle: PeerHandle) {
        let nonce = chance.next() | 1
        peers[handle]?.pingNonce = nonce
        peers[handle]?.pingSentAt = now
        send(.ping(Ping(nonce: nonce, tip: tipClaim)), to: handle)
        if linkCount(.outbound) < policy.outboundPeers { askForPeers(handle) }
    }

    /// Asks to be woken for the next thing that time brings.
    mutating func requestWake() {
        var next = now.adding(milliseconds: 1_000)
        if let first = peers.values.compactMap(\.announceAt).min() { next = min(next, first) }
        if let first = assemblies.values.map(\.deadline).min() { next = min(next, first) }
        if let stall = nextStall { next = min(next, stall) }
        next = max(next, now.adding(milliseconds: 1))
        if wakesUnderWay > 0, let wish = nextWake, wish <= next, wish > now { return }
        nextWake = next
        wakesUnderWay += 1
        effects.append(.wake(at: next))
    }
}
