import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Connections of a kind, with the calls for it that are under way.
    func linkCount(_ kind: LinkKind) -> Int {
        peers.values.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) }
            + slots.dialing.values.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) }
    }

    /// What a connection is for that this node made; nil where it wants no more of them.
    func kindOfLink(
        _ dial: Dial?,
        to address: PeerAddress?,
        identity: VerifyingKey
    ) -> LinkKind? {
        if calls.isManual(address, identity) { return .manual }
        if let dial { return dial.kind }
        return linkCount(.outbound) < policy.outboundPeers ? .outbound : nil
    }

    /// Whether a caller comes in: there is room, or somebody else makes room.
    mutating func admitted(from address: PeerAddress?) -> LinkKind? {
        let inbound = peers.values.filter(\.isInbound).sorted { $0.handle < $1.handle }
        guard inbound.count >= policy.inboundPeers else { return .inbound }
        guard !discouraged.contains(address, now: now) else { return nil }
        let nowhere = PeerAddress(version4: 0, port: 0)
        let candidates = inbound.map { peer in
            InboundEviction.Candidate(
                handle: peer.handle,
                group: book.key.rank((peer.address ?? nowhere).group),
                ping: peer.lowestPing,
                lastBlock: peer.lastBlockAt,
                lastEntry: peer.lastEntryAt,
                since: peer.since,
                isSuspect: peer.isSuspect
            )
        }
        guard let victim = InboundEviction.victim(among: candidates) else { return nil }
        close(victim, .evicted)
        return .inbound
    }

    /// Does what is due when a peer's greeting was taken.
    ///
    /// - Returns: Whether the connection goes on.
    mutating func welcome(_ handle: PeerHandle, observed: PeerAddress) -> Bool {
        guard let peer = peers[handle], !peer.isInbound else { return true }
        if let address = peer.address {
            calls.answered(address, identity: peer.identity)
            book.answered(address, identity: peer.identity, way: peer.way, now: now)
            book.resolveCollisions(now: now)
        }
        switch peer.kind {
        case .feeler:
            close(handle, .feelerDone)
            return false
        case .quiet: askForPush(of: handle)
        case .outbound, .manual, .inbound:
            askForPush(of: handle)
            askForPeers(handle)
        }
        peers[handle]?.observed = PeerAddress(address: observed.address, port: 0)
        believeObservers()
        return true
    }

    /// Makes a full link of one that was for blocks alone.
    mutating func unquiet(_ handle: PeerHandle, as kind: LinkKind) {
        peers[handle]?.kind = kind
        askForPush(of: handle)
    }

    /// A connection ended that this node had made.
    mutating func parted(_ peer: Peer) {
        guard let address = peer.address else { return }
        calls.rest(address, now: now, chance: &chance)
        guard peer.kind != .feeler else { return }
        if peer.isReady {
            book.parted(peer.identity, now: now, chance: &chance)
        } else {
            book.failed(
                address,
                identity: peer.identity,
                counts: hasNetwork,
                now: now,
                chance: &chance
            )
        }
    }

    /// A call was not answered.
    mutating func dialFailed(_ address: PeerAddress) {
        let dial = slots.dialing.removeValue(forKey: address)
        calls.rest(address, now: now, chance: &chance)
        book.failed(
            address,
            identity: dial?.identity,
            counts: hasNetwork,
            now: now,
            chance: &chance
        )
        book.resolveCollisions(now: now)
    }

    /// Whether other peers are there, so that silence is the fault of whoever is silent.
    private var hasNetwork: Bool {
        peers.values.reduce(0) { $0 + ($1.isReady && !$1.isInbound ? 1 : 0) } >= 2
    }

    /// Takes an address in that was named from outside.
    mutating func add(_ address: PeerAddress, _ identity: VerifyingKey?, via way: WayIn) {
        guard identity != self.identity else { return }
        calls.add(address, identity: identity, way: way)
        switch way {
        case .manual:
            for peer in peers.values.sorted(by: { $0.handle < $1.handle })
            where peer.kind.isChosen && (peer.address == address || peer.identity == identity) {
                unquiet(peer.handle, as: .manual)
            }
        case .link, .lan:
            book.heard(
                of: address,
                identity: identity,
                from: address.group,
                way: WayFound(way),
                now: now,
                chance: &chance
            )
        case .seed: break
        }
        dialPeers()
    }

    /// Settles on the host at which peers in different networks see this node.
    private mutating func believeObservers() {
        var seen: [UInt128: Set<UInt128>] = [:]
        var hosts: [UInt128: PeerAddress] = [:]
        for peer in peers.values.sorted(by: { $0.handle < $1.handle })
        where peer.isReady && !peer.isInbound {
            guard let host = peer.observed, let address = peer.address, isCallable(host) else {
                continue
            }
            let group = policy.isLocal ? UInt128(peer.handle) : address.group.address
            seen[host.address, default: []].insert(group)
            hosts[host.address] = host
        }
        let agreed = seen.filter { $0.value.count >= policy.observersNeeded }
            .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        if let best = agreed.first { slots.observed = hosts[best.key] }
    }

    private func isCallable(_ host: PeerAddress) -> Bool {
        guard !host.isUnspecified, !host.isMulticast, !host.isBroadcast else { return false }
        return policy.isLocal || !host.isLocal
    }
}
