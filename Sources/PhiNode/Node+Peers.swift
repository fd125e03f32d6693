import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    mutating func connected(
        _ handle: PeerHandle,
        identity: VerifyingKey,
        isInbound: Bool,
        address: PeerAddress?
    ) {
        guard identity != self.identity else {
            effects.append(.disconnect(handle, .duplicate))
            return
        }
        guard !discouraged.contains(identity, now: now) else {
            effects.append(.disconnect(handle, .discouraged))
            return
        }
        let dial = isInbound ? nil : address.flatMap { slots.dialing.removeValue(forKey: $0) }
        guard
            let kind = isInbound
                ? admitted(from: address) : kindOfLink(dial, to: address, identity: identity)
        else {
            effects.append(.disconnect(handle, .full))
            return
        }
        var peer = Peer(
            handle: handle,
            identity: identity,
            kind: kind,
            way: isInbound ? .incoming : dial?.way ?? .manual,
            address: address,
            now: now,
            policy: policy
        )
        peer.isSuspect = isInbound && discouraged.contains(address, now: now)
        peer.reconcileAt = now.adding(milliseconds: policy.reconcileInterval)
        peers[handle] = peer
        if isInbound { sendHello(to: handle) }
    }

    private mutating func sendHello(to handle: PeerHandle) {
        guard let peer = peers[handle] else { return }
        let hello = Hello(
            chain: network.chain,
            parameters: network.parameters,
            tip: tipClaim,
            payloadsFrom: .genesis,
            envelopesFrom: .genesis,
            minimumDensity: pool.minimumDensity,
            observedAddress: peer.address ?? PeerAddress(version4: 0, port: 0),
            record: ownRecord
        )
        send(.hello(hello), to: handle)
    }

    /// Takes a message according to the state of its connection.
    mutating func received(_ message: Message, from handle: PeerHandle) throws(StoreFailure) {
        guard let peer = peers[handle] else { return }
        guard peer.isReady else {
            guard case .hello(let hello) = message else {
                return misbehaved(handle, .outOfTurn)
            }
            return try greeted(hello, by: handle)
        }
        guard admits(message, from: handle) else { return }
        switch message {
        case .hello: misbehaved(handle, .outOfTurn)
        case .ping(let ping):
            send(.pong(nonce: ping.nonce), to: handle)
            peers[handle]?.told = ping.tip
            try heard(ping.tip, from: handle)
        case .pong(let nonce): answered(nonce, by: handle)
        case .record(let record):
            guard record.identity == peer.identity else {
                return misbehaved(handle, .invalidRecord)
            }
            learn([record], from: handle)
        case .getPeers(let maximum): tellPeers(maximum, to: handle)
        case .peers(let records): learn(records, from: handle)
        case .getHeaders(let locator): try serveHeaders(locator, to: handle)
        case .headers(let batch):
            let best = tree.best.hash
            try received(batch, from: handle)
            if tree.best.hash != best { peers[handle]?.lastBlockAt = now }
        case .getBlocks(let hashes): try serveBlocks(hashes, to: handle)
        case .block(let hash, let body): try received(body, of: hash, from: handle)
        case .missingBlocks(let hashes): missing(blocks: hashes, at: handle)
        case .compactBlock(let block):
            let best = tree.best.hash
            try received(block, from: handle)
            if tree.best.hash != best { peers[handle]?.lastBlockAt = now }
        case .getBlockEntries(let block, let indexes):
            try serveBlockEntries(indexes, of: block, to: handle)
        case .blockEntries(let block, let entries):
            try received(entries, of: block, from: handle)
        case .relayMode(let mode): asked(mode, by: handle)
        case .inventory(let leaves) where peer.sharesEntries:
            announced(leaves, by: handle)
        case .inventory: break
        case .getEntries(let leaves): serveEntries(leaves, to: handle)
        case .entries(let entries): try received(entries, from: handle)
        case .missingEntries(let leaves): missing(entries: leaves, at: handle)
        case .sketch(let sketch): compare(sketch, of: handle)
        case .buckets(let listing): reconcile(listing, with: handle)
        }
    }

    private mutating func greeted(
        _ hello: Hello,
        by handle: PeerHandle
    ) throws(StoreFailure) {
        guard let peer = peers[handle] else { return }
        guard hello.chain == network.chain, hello.parameters == network.parameters else {
            return close(handle, .otherNetwork)
        }
        let other = peers.values.sorted { $0.handle < $1.handle }
            .first { $0.identity == peer.identity && $0.isReady }
        if let other {
            // Both sides keep the one that the lower key called; of two that one side called
            // they keep the newer, because the older may be dead and not know it.
            let keepsOurs = identity < peer.identity
            let losesThis = peer.isInbound == keepsOurs && peer.isInbound != other.isInbound
            let loser = losesThis ? handle : other.handle
            close(loser, .duplicate)
            if loser == handle { return }
        }
        if !peer.isInbound { sendHello(to: handle) }
        peers[handle]?.isReady = true
        if let record = hello.record {
            guard record.identity == peer.identity else {
                return misbehaved(handle, .invalidRecord)
            }
            learn([record], from: handle, isMetered: false)
            guard peers[handle] != nil else { return }
        }
        peers[handle]?.told = hello.tip
        guard welcome(handle, observed: hello.observedAddress) else { return }
        try heard(hello.tip, from: handle)
        peers[handle]?.reconcileAt = now
    }

    private mutating func answered(_ nonce: UInt64, by handle: PeerHandle) {
        guard let peer = peers[handle], peer.pingNonce == nonce else { return }
        peers[handle]?.pingNonce = nil
        let taken = now.since(peer.pingSentAt)
        peers[handle]?.pingMilliseconds = taken
        peers[handle]?.lowestPing = min(taken, peer.lowestPing ?? taken)
    }

    /// Ends a connection and takes back all that was asked of it.
    mutating func close(_ handle: PeerHandle, _ reason: DisconnectReason) {
        guard peers[handle] != nil else { return }
        effects.append(.disconnect(handle, reason))
        disconnected(handle)
    }

    mutating func disconnected(_ handle: PeerHandle) {
        guard let peer = peers.removeValue(forKey: handle) else { return }
        if peer.presync != nil { note(.lowWorkChain) }
        for hash in peer.blocks.keys.sorted() { release(hash, by: handle) }
        abandonAssemblies(of: handle)
        forget(peer)
        stretches?.disconnected(handle)
        if !peer.isInbound { parted(peer) }
    }

    /// Ends the connection of a peer that broke a rule, and does not want it back for a day.
    mutating func misbehaved(_ handle: PeerHandle, _ what: Misbehavior) {
        guard let peer = peers[handle] else { return }
        let address = calls.isManual(peer.address, peer.identity) ? nil : peer.address
        discouraged.add(peer.identity, at: address, now: now)
        effects.append(.report(.discouraged(handle, what)))
        close(handle, .misbehavior(what))
    }

    mutating func remove(_ identity: VerifyingKey, discouraging: Bool) {
        book.forget(identity)
        calls.forget(identity)
        if discouraging { discouraged.add(identity, at: nil, now: now) }
        for peer in peers.values.sorted(by: { $0.handle < $1.handle })
        where peer.identity == identity {
            close(peer.handle, .operatorWish)
        }
    }

    mutating func renewed(_ record: NodeRecord) {
        ownRecord = record
        for handle in readyPeers where peers[handle]?.sharesEntries == true {
            send(.record(record), to: handle)
        }
    }
}
