import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Begins the life of the slots: anchors and addresses that answered come first.
    mutating func startSlots() {
        slots.startedAt = now
        slots.tipChangedAt = now
        slots.nextFeelerAt = now.adding(milliseconds: policy.feelerInterval)
    }

    /// Calls peers until every slot is filled or being filled.
    mutating func dialPeers() {
        for (address, dial) in slots.dialing.sorted(by: { $0.key < $1.key })
        where now.since(dial.since) >= policy.dialPatience {
            slots.dialing[address] = nil
        }
        callNamed()
        callAnchors()
        let limit = policy.outboundPeers + (slots.isTipStale ? 1 : 0)
        fill(.outbound, upTo: limit)
        if linkCount(.outbound) >= policy.outboundPeers { fill(.quiet, upTo: policy.quietPeers) }
        sendFeeler()
    }

    private mutating func call(
        _ address: PeerAddress,
        _ identity: VerifyingKey?,
        as kind: LinkKind,
        way: WayFound
    ) {
        slots.dialing[address] = Dial(identity: identity, kind: kind, way: way, since: now)
        calls.called(address, now: now)
        book.called(address, identity: identity, now: now)
        effects.append(.dial(address, identity))
    }

    /// Calls those that were named: the operator's always, others where there is a slot.
    private mutating func callNamed() {
        let withSeeds =
            now.since(slots.startedAt) >= policy.seedDelay
            && readyPeers.count < policy.peersWithoutSeeds
        let due = calls.due(now: now, withSeeds: withSeeds)
        guard !due.isEmpty else { return }
        for (address, call) in due {
            let taken = TakenPlaces(peers: peers, slots: slots, policy: policy, book: book)
            guard !taken.isBusy(address, call.identity) else { continue }
            if let identity = call.identity, discouraged.contains(identity, now: now) { continue }
            if call.way != .manual {
                guard linkCount(.outbound) < policy.outboundPeers, taken.hasRoom(for: address),
                    !discouraged.contains(address, now: now)
                else { continue }
            }
            self.call(
                address,
                call.identity,
                as: call.way == .manual ? .manual : .outbound,
                way: WayFound(call.way)
            )
        }
    }

    /// Calls the anchors of the last run, before anything that is heard now can take their place.
    private mutating func callAnchors() {
        guard !slots.waitingAnchors.isEmpty else { return }
        if now.since(slots.startedAt) >= policy.restartGrace { slots.waitingAnchors = [] }
        while let anchor = slots.waitingAnchors.first {
            let held = peers.values.reduce(0) { $0 + ($1.way == .anchor ? 1 : 0) }
            let called = slots.dialing.values.reduce(0) { $0 + ($1.way == .anchor ? 1 : 0) }
            guard held + called < Anchor.callLimit else { return }
            slots.waitingAnchors.removeFirst()
            let taken = TakenPlaces(peers: peers, slots: slots, policy: policy, book: book)
            guard !taken.isBusy(anchor.address, anchor.identity),
                !discouraged.contains(anchor.identity, now: now)
            else { continue }
            call(
                anchor.address,
                anchor.identity,
                as: anchor.isQuiet ? .quiet : .outbound,
                way: .anchor
            )
        }
    }

    /// Calls addresses of the book until a kind of link has so many.
    private mutating func fill(_ kind: LinkKind, upTo limit: Int) {
        while linkCount(kind) < limit {
            let taken = TakenPlaces(peers: peers, slots: slots, policy: policy, book: book)
            let isEarly = now.since(slots.startedAt) < policy.restartGrace
            let first = isEarly ? draw(from: .tried, avoiding: taken) : nil
            guard let found = first ?? draw(from: .either, avoiding: taken) else { return }
            call(found.address, found.identity, as: kind, way: found.way)
        }
    }

    private mutating func draw(
        from table: AddressBook.Table,
        avoiding taken: TakenPlaces
    ) -> Candidate? {
        let (own, now, discouraged) = (identity, now, discouraged)
        return book.candidate(from: table, now: now, chance: &chance) { place in
            guard !taken.isBusy(place.callable, place.identity), place.identity != own,
                taken.hasRoom(for: place.callable)
            else { return false }
            if let identity = place.identity, discouraged.contains(identity, now: now) {
                return false
            }
            return !discouraged.contains(place.callable, now: now)
        }
    }

    /// Finds out now and then whether one address answers, so that the tried table fills with
    /// addresses that nobody had to be connected with.
    private mutating func sendFeeler() {
        guard slots.nextFeelerAt <= now, linkCount(.feeler) == 0 else { return }
        guard peers.values.contains(where: { $0.isReady && !$0.isInbound }) else { return }
        let isEnough = book.triedCount >= policy.enoughTried
        let interval = isEnough ? policy.slowFeelerInterval : policy.feelerInterval
        slots.nextFeelerAt = now.adding(milliseconds: interval)
        book.resolveCollisions(now: now)
        let busy = TakenPlaces(peers: peers, slots: slots, policy: policy, book: book)
        if let target = book.testTarget(now: now), !busy.isBusy(target.address, target.identity) {
            return call(target.address, target.identity, as: .feeler, way: .peers)
        }
        let (own, now, discouraged) = (identity, now, discouraged)
        let found = book.candidate(from: .new, now: now, chance: &chance) { place in
            !busy.isBusy(place.callable, place.identity) && place.identity != own
                && !discouraged.contains(place.callable, now: now)
        }
        if let found { call(found.address, found.identity, as: .feeler, way: found.way) }
    }
}

/// Where a node has links or calls under way, for the rule of one in each network.
struct TakenPlaces: Sendable {
    private var identities: Set<VerifyingKey> = []
    private var addresses: Set<PeerAddress> = []
    private var networks: Set<UInt128> = []
    private var privateLinks = 0
    private let isLocal: Bool
    private let comparesSubnets: Bool
    private let privateLimit: Int

    init(peers: [PeerHandle: Peer], slots: Slots, policy: NodePolicy, book: AddressBook) {
        isLocal = policy.isLocal
        comparesSubnets = book.groups.count < policy.enoughGroups
        privateLimit = policy.outboundPeers / 2
        for peer in peers.values.sorted(by: { $0.handle < $1.handle }) {
            identities.insert(peer.identity)
            if !peer.isInbound, let address = peer.address { take(address, as: peer.kind) }
        }
        for (address, dial) in slots.dialing.sorted(by: { $0.key < $1.key }) {
            if let identity = dial.identity { identities.insert(identity) }
            take(address, as: dial.kind)
        }
    }

    private mutating func take(_ address: PeerAddress, as kind: LinkKind) {
        addresses.insert(address)
        guard kind != .feeler else { return }
        networks.insert(network(of: address))
        if address.isLocal, kind.isChosen { privateLinks += 1 }
    }

    private func network(of address: PeerAddress) -> UInt128 {
        comparesSubnets ? address.subnet : address.group.address
    }

    /// Whether there is a link or a call to an address or a node already.
    func isBusy(_ address: PeerAddress, _ identity: VerifyingKey?) -> Bool {
        addresses.contains(address) || (identity.map(identities.contains) ?? false)
    }

    /// Whether a link there would be the only one into its network.
    ///
    /// Addresses of one's own local network come from nowhere else; half of the slots are theirs.
    func hasRoom(for address: PeerAddress) -> Bool {
        if isLocal { return true }
        if address.isLocal { return privateLinks < privateLimit }
        return !networks.contains(network(of: address))
    }
}
