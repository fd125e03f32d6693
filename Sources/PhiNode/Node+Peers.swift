import PhiChain
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
        guard !book.isDiscouraged(identity, now: now) else {
            effects.append(.disconnect(handle, .discouraged))
            return
        }
        let limit = isInbound ? policy.inboundPeers : policy.outboundPeers + book.manualCount
        let present = peers.values.reduce(0) { $0 + ($1.isInbound == isInbound ? 1 : 0) }
        guard present < limit else {
            effects.append(.disconnect(handle, .full))
            return
        }
        var peer = Peer(
            handle: handle,
            identity: identity,
            isInbound: isInbound,
            address: address,
            now: now,
            policy: policy
        )
        peer.reconcileAt = now.adding(milliseconds: policy.reconcileInterval)
        peers[handle] = peer
        if !isInbound, let address { book.connected(address, identity: identity) }
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
        switch message {
        case .hello: misbehaved(handle, .outOfTurn)
        case .ping(let ping):
            send(.pong(nonce: ping.nonce), to: handle)
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
        case .headers(let batch): try received(batch, from: handle)
        case .getBlocks(let hashes): try serveBlocks(hashes, to: handle)
        case .block(let hash, let body): try received(body, of: hash, from: handle)
        case .missingBlocks(let hashes): missing(blocks: hashes, at: handle)
        case .inventory(let leaves): announced(leaves, by: handle)
        case .getEntries(let leaves): serveEntries(leaves, to: handle)
        case .entries(let entries): received(entries, from: handle)
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
            learn([record], from: handle)
            guard peers[handle] != nil else { return }
        }
        if !peer.isInbound { send(.getPeers(maximum: Limits.peers), to: handle) }
        try heard(hello.tip, from: handle)
        peers[handle]?.reconcileAt = now
    }

    private mutating func answered(_ nonce: UInt64, by handle: PeerHandle) {
        guard let peer = peers[handle], peer.pingNonce == nonce else { return }
        peers[handle]?.pingNonce = nil
        peers[handle]?.pingMilliseconds = now.since(peer.pingSentAt)
    }

    /// Ends a connection and takes back all that was asked of it.
    mutating func close(_ handle: PeerHandle, _ reason: DisconnectReason) {
        guard peers[handle] != nil else { return }
        effects.append(.disconnect(handle, reason))
        disconnected(handle)
    }

    mutating func disconnected(_ handle: PeerHandle) {
        guard let peer = peers.removeValue(forKey: handle) else { return }
        for hash in peer.blocks.keys.sorted() { release(hash, by: handle) }
        forget(peer)
        if !peer.isInbound, let address = peer.address {
            book.disconnected(address, now: now, chance: &chance)
        }
    }

    /// Ends the connection of a peer that broke a rule, and does not want it back for a day.
    mutating func misbehaved(_ handle: PeerHandle, _ what: Misbehavior) {
        guard let peer = peers[handle] else { return }
        book.discourage(peer.identity, now: now)
        effects.append(.report(.discouraged(handle, what)))
        close(handle, .misbehavior(what))
    }

    mutating func remove(_ identity: VerifyingKey, discouraging: Bool) {
        book.forget(identity)
        if discouraging { book.discourage(identity, now: now) }
        for peer in peers.values.sorted(by: { $0.handle < $1.handle })
        where peer.identity == identity {
            close(peer.handle, .operatorWish)
        }
    }

    mutating func renewed(_ record: NodeRecord) {
        ownRecord = record
        for handle in readyPeers { send(.record(record), to: handle) }
    }

    private mutating func learn(_ records: [NodeRecord], from handle: PeerHandle) {
        let sender = peers[handle]?.address
        for record in records where record.identity != identity {
            do {
                try record.check(
                    chain: network.chain,
                    now: now,
                    receivedFrom: sender,
                    isLocalNetwork: policy.isLocal
                )
            } catch {
                if case .signature = error { return misbehaved(handle, .invalidRecord) }
                continue
            }
            book.learn(record)
        }
        dialPeers()
    }

    /// Takes records back that were checked before, and are checked again.
    mutating func remember(_ records: [NodeRecord]) {
        for record in records where record.identity != identity {
            let checked: Void? = try? record.check(
                chain: network.chain,
                now: now,
                receivedFrom: nil,
                isLocalNetwork: true
            )
            if checked != nil { book.learn(record) }
        }
        dialPeers()
    }

    private mutating func tellPeers(_ maximum: UInt8, to handle: PeerHandle) {
        let count = min(Int(maximum), Int(Limits.peers))
        let records = book.records(count, now: now, except: peers[handle]?.identity)
        send(.peers(records), to: handle)
    }

    /// Calls peers until there are as many as the policy wants.
    mutating func dialPeers() {
        let identities = Set(peers.values.map(\.identity))
        let outbound = peers.values.reduce(0) { $0 + ($1.isInbound ? 0 : 1) }
        let wanted = policy.outboundPeers > outbound ? policy.outboundPeers - outbound : 0
        for (address, key) in book.candidates(wanted, connected: identities, now: now) {
            effects.append(.dial(address, key))
        }
    }
}
