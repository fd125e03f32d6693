import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Takes what a peer wants to be sent unasked; what waits for it goes with its wish.
    mutating func asked(_ mode: RelayMode, by handle: PeerHandle) {
        peers[handle]?.relay.mode = mode
        guard mode.contains(.quiet) else { return }
        peers[handle]?.announcements = []
        peers[handle]?.announceAt = nil
    }

    /// Asks a peer that we called for its blocks as soon as they are there, and tells it whether
    /// the link is for blocks alone.
    mutating func askForPush(of handle: PeerHandle) {
        guard let peer = peers[handle] else { return }
        send(.relayMode(peer.kind.carriesEntries ? .push : [.push, .quiet]), to: handle)
    }

    /// The peers to which blocks are pushed: those that we called, and some that asked for it.
    ///
    /// Of the latter those count first whose own pushes came first lately, then the oldest.
    var pushPeers: Set<PeerHandle> {
        let able = readyPeers.compactMap { peers[$0] }
            .filter { $0.relay.wantsPush(isInbound: $0.isInbound) }
        let inbound = able.filter(\.isInbound).sorted {
            ($1.relay.gaveBlockAt, $0.handle) < ($0.relay.gaveBlockAt, $1.handle)
        }
        let outbound = able.filter { !$0.isInbound }
        return Set((outbound + inbound.prefix(policy.pushedInboundPeers)).map(\.handle))
    }

    /// Passes on a block on the tip whose root is right, before its entries are judged.
    ///
    /// Its work is done, so nobody sends wrong ones for nothing; and it may only stand on a block
    /// that was judged in full. Peers that are not at that block are told when this one is
    /// connected.
    mutating func passOn(
        _ header: ValidHeader,
        _ body: BlockBody,
        except giver: PeerHandle
    ) throws(StoreFailure) {
        let parent = ledger.tip
        guard header.header.previous == parent.hash, tree.best.hash == header.hash else { return }
        relayed.keep(body, of: header.hash)
        let able = pushPeers
        let targets = readyPeers.filter { handle in
            handle != giver && able.contains(handle) && peers[handle]?.claim?.hash == parent.hash
        }
        guard !targets.isEmpty,
            var made = announce(header.header, body.entries, after: parent.header)
        else { return }
        for handle in targets {
            push(&made, to: handle, isNew: true)
            peers[handle]?.relay.told = header.hash
        }
    }

    /// Tells peers of a new tip, where they do not have it yet.
    ///
    /// Those that want it and are near get compact blocks, the others headers.
    mutating func announceTip() throws(StoreFailure) {
        let tip = ledger.tip
        guard let below = tip.header.height.previous else { return }
        let told = tipClaim
        let targets = pushPeers
        var made: [Height: BlockAnnouncement?] = [:]
        for handle in readyPeers {
            guard let peer = peers[handle] else { continue }
            if let claim = peer.claim, claim.work >= tip.header.chainWork { continue }
            peers[handle]?.claim = told
            if peer.relay.told == tip.hash { continue }
            let shared = try sharedHeight(with: peer)
            let distance = tip.header.height.distance(above: shared)
            if distance <= policy.pushDepth, targets.contains(handle) {
                try push(above: shared, to: handle, &made)
                peers[handle]?.relay.told = tip.hash
                continue
            }
            let start = distance <= 16 ? shared : below
            if let message = try headerBatch(after: start, atMost: 16) {
                send(message, to: handle)
            }
        }
    }

    /// The height of the last block of the chain that a peer told of or was pushed.
    private func sharedHeight(with peer: Peer) throws(StoreFailure) -> Height {
        var shared = Height.genesis
        for hash in [peer.claim?.hash, peer.relay.told] {
            guard let hash, let height = try ledger.chain.height(of: hash) else { continue }
            shared = max(shared, height)
        }
        return shared
    }

    /// Pushes the blocks above a height; an empty one is whole in its header.
    private mutating func push(
        above shared: Height,
        to handle: PeerHandle,
        _ made: inout [Height: BlockAnnouncement?]
    ) throws(StoreFailure) {
        var height = shared
        while height < ledger.tip.header.height, let next = height.next {
            if made[next] == nil { made[next] = .some(try announcement(of: next)) }
            if var announcement = made[next] ?? nil {
                push(&announcement, to: handle, isNew: false)
                made[next] = announcement
            } else if let message = try headerBatch(after: height, atMost: 1) {
                send(message, to: handle)
            }
            height = next
        }
    }

    /// What a block of the chain is pushed as; nil for an empty one.
    private mutating func announcement(
        of height: Height
    ) throws(StoreFailure) -> BlockAnnouncement? {
        guard let below = height.previous, let parent = try ledger.chain.header(at: below),
            let header = try ledger.chain.header(at: height), header.entryCount > 0
        else { return nil }
        return announce(header, try ledger.chain.entries(at: height), after: parent)
    }

    private mutating func announce(
        _ header: Header,
        _ entries: [Entry],
        after parent: Header
    ) -> BlockAnnouncement? {
        BlockAnnouncement(
            header,
            entries,
            after: parent,
            minimumSpacing: network.parameters.minimumSpacing,
            salt: chance.next()
        )
    }

    /// Pushes a block with those entries whole that the peer is guessed to lack.
    ///
    /// These are, of a new block, those that this node itself did not have; and those of which the
    /// peer was not told, or so lately that it may not have fetched them.
    private mutating func push(
        _ announcement: inout BlockAnnouncement,
        to handle: PeerHandle,
        isNew: Bool
    ) {
        guard let peer = peers[handle] else { return }
        let message = announcement.message(whole: policy.prefilledBytes) { leaf in
            if isNew, !pool.contains(leaf: leaf) { return true }
            guard peer.sharesEntries else { return false }
            return !peer.known.contains(leaf)
                || peer.relay.offers.isOpen(leaf, now: now, window: policy.offerWindow)
        }
        send(message, to: handle)
    }

    /// Gives entries of a block near the tip, and the whole of an older one.
    mutating func serveBlockEntries(
        _ indexes: [UInt16],
        of hash: Digest,
        to handle: PeerHandle
    ) throws(StoreFailure) {
        let entries: [Entry]
        if let body = relayed.body(of: hash) {
            entries = body.entries
        } else {
            guard let height = try ledger.chain.height(of: hash),
                ledger.tip.header.height.distance(above: height) <= policy.blockEntriesDepth
            else { return try serveBlocks([hash], to: handle) }
            entries = try ledger.chain.entries(at: height)
        }
        guard let last = indexes.last, Int(last) < entries.count else {
            return misbehaved(handle, .impossibleRequest)
        }
        send(.blockEntries(block: hash, indexes.map { entries[Int($0)] }), to: handle)
    }
}
