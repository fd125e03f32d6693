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
        let targets = pushPeers
        var message: Message?
        for handle in readyPeers where handle != giver && targets.contains(handle) {
            guard peers[handle]?.claim?.hash == parent.hash else { continue }
            message = message ?? compact(header.header, body.entries, after: parent.header)
            guard let message else { return }
            send(message, to: handle)
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
        var made: [Height: Message] = [:]
        for handle in readyPeers {
            let claim = peers[handle]?.claim
            if let claim, claim.work >= tip.header.chainWork { continue }
            peers[handle]?.claim = told
            if peers[handle]?.relay.told == tip.hash { continue }
            let shared =
                try claim.flatMap { claim throws(StoreFailure) in
                    try ledger.chain.height(of: claim.hash)
                } ?? .genesis
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

    /// Pushes the blocks above a height, each of which is made once for all peers.
    private mutating func push(
        above shared: Height,
        to handle: PeerHandle,
        _ made: inout [Height: Message]
    ) throws(StoreFailure) {
        var height = shared
        while height < ledger.tip.header.height, let next = height.next {
            if made[next] == nil { made[next] = try announcement(of: next) }
            if let message = made[next] { send(message, to: handle) }
            height = next
        }
    }

    /// What tells a peer of a block of the chain: an empty one is whole in its header.
    private mutating func announcement(of height: Height) throws(StoreFailure) -> Message? {
        guard let below = height.previous, let parent = try ledger.chain.header(at: below),
            let header = try ledger.chain.header(at: height)
        else { return nil }
        if header.entryCount > 0 {
            let entries = try ledger.chain.entries(at: height)
            if let message = compact(header, entries, after: parent) { return message }
        }
        return try headerBatch(after: below, atMost: 1)
    }

    /// A compact block with those entries whole that this node itself did not have.
    private mutating func compact(
        _ header: Header,
        _ entries: [Entry],
        after parent: Header
    ) -> Message? {
        let compact = CompactHeader(
            header,
            after: parent.time,
            minimumSpacing: network.parameters.minimumSpacing
        )
        guard let compact, compact.body != nil else { return nil }
        let isConnected = header.height <= ledger.tip.header.height
        var prefilled: [CompactBlock.Prefilled] = []
        var leaves: [Digest] = []
        var rest = min(policy.prefilledBytes, Limits.prefilledByteCount)
        for (index, entry) in entries.enumerated() {
            let leaf = entry.leaf
            let byteCount = entry.bytes.count + 2
            if !isConnected, byteCount <= rest, !pool.contains(leaf: leaf) {
                rest -= byteCount
                prefilled.append(CompactBlock.Prefilled(index: UInt16(index), entry: entry))
            } else {
                leaves.append(leaf)
            }
        }
        let salt = chance.next()
        guard let identifiers = try? ShortID.of(leaves, header: header, salt: salt) else {
            return nil
        }
        return .compactBlock(
            CompactBlock(
                height: header.height,
                parent: header.previous,
                header: compact,
                salt: salt,
                identifiers: identifiers,
                prefilled: prefilled
            )
        )
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
