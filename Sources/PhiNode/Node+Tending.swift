import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Looks after the links that this node made, as time passes.
    mutating func tendLinks() throws(StoreFailure) {
        watchTip()
        for handle in readyPeers { try checkProgress(of: handle) }
        dropSurplus()
        joinIn()
        chooseAnchors()
        try judgeSurroundings()
    }

    /// Replaces a peer that knows of less work than this node for too long.
    private mutating func checkProgress(of handle: PeerHandle) throws(StoreFailure) {
        guard let peer = peers[handle], peer.kind.isChosen, !policy.isLocal else { return }
        let own = ledger.tip.header.chainWork
        let known = peer.told?.work ?? network.genesis.chainWork
        guard !peer.isProtected else { return }
        if known >= own {
            peers[handle]?.behind = nil
            let protected = peers.values.reduce(0) { $0 + ($1.isProtected ? 1 : 0) }
            if peer.kind == .outbound, protected < policy.protectedPeers {
                peers[handle]?.isProtected = true
            }
            return
        }
        guard let behind = peer.behind, known < behind.work else {
            let deadline = now.adding(milliseconds: policy.behindPatience)
            peers[handle]?.behind = Peer.Behind(work: own, deadline: deadline)
            return
        }
        guard behind.deadline <= now else { return }
        guard !behind.wasAsked else { return close(handle, .behind) }
        try askForHeaders(of: handle)
        var asked = behind
        asked.wasAsked = true
        asked.deadline = now.adding(milliseconds: policy.behindGrace)
        peers[handle]?.behind = asked
    }

    /// Notices when the tip has been silent for so long that the links may be to blame.
    private mutating func watchTip() {
        if slots.tip != ledger.tip.hash {
            slots.tip = ledger.tip.hash
            slots.tipChangedAt = now
        }
        let patience = UInt64(network.parameters.blockInterval) * policy.staleTipIntervals
        slots.isTipStale = !policy.isLocal && now.since(slots.tipChangedAt) >= patience
    }

    /// Parts from the link that gave no block for longest, where a new tip made one too many.
    private mutating func dropSurplus() {
        guard !slots.isTipStale else { return }
        let links = peers.values.filter { $0.kind == .outbound }
        guard links.count > policy.outboundPeers else { return }
        let least = links.filter { !$0.isProtected }.min { left, right in
            (left.lastBlockAt ?? .zero, right.since, right.handle)
                < (right.lastBlockAt ?? .zero, left.since, left.handle)
        }
        if let least { close(least.handle, .surplus) }
    }

    /// Makes a full link of a quiet one where no other link is left.
    private mutating func joinIn() {
        let ready = readyPeers.compactMap { peers[$0] }
        guard let quiet = ready.first(where: { $0.kind == .quiet }),
            !ready.contains(where: \.kind.carriesEntries)
        else {
            slots.lonelySince = nil
            return
        }
        let since = slots.lonelySince ?? now
        slots.lonelySince = since
        guard now.since(since) >= policy.restartGrace else { return }
        slots.lonelySince = nil
        unquiet(quiet.handle, as: .outbound)
        askForPeers(quiet.handle)
    }

    /// Milliseconds that a link lasts before it takes the place of an older anchor.
    private static var anchorAge: UInt64 { 600_000 }

    /// Keeps the quiet links that last longest as anchors, full links where there are none.
    private mutating func chooseAnchors() {
        let old = slots.anchors
        let links = peers.values.filter { peer in
            peer.isReady && peer.kind.isChosen
                && (old.count < Anchor.callLimit || now.since(peer.since) >= Self.anchorAge)
        }
        .sorted { left, right in
            left.kind != right.kind
                ? left.kind == .quiet : (left.since, left.handle) < (right.since, right.handle)
        }
        var chosen = links.prefix(Anchor.callLimit).compactMap { peer in
            peer.address.map { address in
                Anchor(address: address, identity: peer.identity, isQuiet: peer.kind == .quiet)
            }
        }
        for anchor in old where chosen.count < Anchor.limit {
            if !chosen.contains(where: { $0.identity == anchor.identity }) { chosen.append(anchor) }
        }
        guard chosen != old else { return }
        slots.anchors = chosen
        slots.anchorVersion += 1
    }

    /// Milliseconds between two looks at whom the node is connected with.
    private static var warningInterval: UInt64 { 10_000 }

    private mutating func judgeSurroundings() throws(StoreFailure) {
        guard now.since(slots.warnedAt) >= Self.warningInterval else { return }
        slots.warnedAt = now
        let links = readyPeers.compactMap { peers[$0] }.filter { !$0.isInbound }
        var seen = EclipseAlarm.Observation()
        let addresses = links.compactMap(\.address)
        seen.isLocal = policy.isLocal || (!addresses.isEmpty && addresses.allSatisfy(\.isLocal))
        seen.uptime = now.since(slots.startedAt)
        seen.outbound = links.count
        seen.groups = Set(addresses.map(\.group)).count
        seen.known =
            links.filter { book.hasAnswered($0.identity, before: slots.startedAt) }.count
        seen.anchors = slots.formerAnchors.count
        seen.linkedAnchors = links.filter { slots.formerAnchors.contains($0.identity) }.count
        seen.tipAge = now.since(ledger.tip.header.time)
        seen.interval = UInt64(network.parameters.blockInterval)
        let told = readyPeers.compactMap { peers[$0]?.told }
        seen.tellers = told.count
        seen.agreeing = told.filter { $0.work <= ledger.tip.header.chainWork }.count
        seen.seedAndAnchorDisagree = try disagree(
            links.filter { $0.way == .seed },
            links.filter { slots.formerAnchors.contains($0.identity) }
        )
        slots.warnings = EclipseAlarm.warnings(seen)
    }

    /// Whether of two sets of peers one tells of a block on this chain and the other of another.
    private func disagree(_ left: [Peer], _ right: [Peer]) throws(StoreFailure) -> Bool {
        let first = try sides(of: left)
        let second = try sides(of: right)
        return (first.isOn && second.isOff) || (first.isOff && second.isOn)
    }

    private func sides(of peers: [Peer]) throws(StoreFailure) -> (isOn: Bool, isOff: Bool) {
        var sides = (isOn: false, isOff: false)
        for peer in peers {
            guard let told = peer.told, told.height <= ledger.tip.header.height else { continue }
            if try ledger.chain.height(of: told.hash) != nil {
                sides.isOn = true
            } else {
                sides.isOff = true
            }
        }
        return sides
    }

    /// The book of addresses with the anchors, to be given to `restore` at the next start.
    public var bookSnapshot: [UInt8] {
        book.snapshot(anchors: slots.anchors, chain: network.chain)
    }

    /// Counts the changes of what must be written down at once.
    public var anchorVersion: UInt64 { slots.anchorVersion }

    /// Takes back the book of the last run; before `started`.
    ///
    /// - Parameter bytes: What `bookSnapshot` gave.
    /// - Throws: Why the bytes are no book of this network; then the book stays empty.
    public mutating func restore(_ bytes: [UInt8]) throws(AddressBookFailure) {
        let found = try AddressBook.restored(
            bytes,
            chain: network.chain,
            isLocal: policy.isLocal
        )
        book = found.book
        slots.anchors = found.anchors
        slots.waitingAnchors = found.anchors
        slots.formerAnchors = Set(found.anchors.map(\.identity))
    }
}
