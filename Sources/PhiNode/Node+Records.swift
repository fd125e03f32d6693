import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Checks what a peer tells of nodes and takes it into the book.
    ///
    /// - Parameters:
    ///   - records: What it told.
    ///   - handle: The peer.
    ///   - isMetered: Whether what comes too fast is left aside unread.
    mutating func learn(
        _ records: [NodeRecord],
        from handle: PeerHandle,
        isMetered: Bool = true
    ) {
        guard let peer = peers[handle] else { return }
        let source = (peer.address ?? PeerAddress(version4: 0, port: 0)).group
        var news: [NodeRecord] = []
        for record in records where record.identity != identity {
            if isMetered,
                peers[handle]?.meter.take(now: now) != true
                    || !peer.kind.carriesEntries
            {
                slots.ignoredRecords += 1
                continue
            }
            guard book.place(of: record.identity)?.record != record else { continue }
            do {
                try record.check(
                    chain: network.chain,
                    now: now,
                    receivedFrom: peer.address,
                    isLocalNetwork: policy.isLocal
                )
            } catch {
                if case .signature = error { return misbehaved(handle, .invalidRecord) }
                continue
            }
            if take(record, from: source, way: .peers) { news.append(record) }
        }
        if records.count <= policy.passedRecords { pass(on: news, except: handle) }
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
            guard checked != nil, let first = record.addresses.first else { continue }
            _ = take(record, from: first.group, way: .peers)
        }
        dialPeers()
    }

    /// Takes a checked record, and gives up a call to where its node no longer is.
    private mutating func take(
        _ record: NodeRecord,
        from source: NetworkGroup,
        way: WayFound
    ) -> Bool {
        let isNew = book.learn(record, from: source, way: way, now: now, chance: &chance)
        guard isNew else { return false }
        for (address, dial) in slots.dialing.sorted(by: { $0.key < $1.key })
        where dial.identity == record.identity && !record.addresses.contains(address) {
            slots.dialing[address] = nil
        }
        return true
    }

    /// Peers that a record is passed on to.
    private static var passedTo: Int { 2 }

    /// Passes new records on that were signed lately, each to two peers drawn by chance.
    private mutating func pass(on records: [NodeRecord], except handle: PeerHandle) {
        for record in records where now.since(record.signedAt) < policy.freshRecord {
            var others = readyPeers.filter { other in
                other != handle && peers[other]?.sharesEntries == true
                    && peers[other]?.identity != record.identity
            }
            for _ in 0..<min(Self.passedTo, others.count) {
                let other = others.remove(at: Int(chance.below(UInt64(others.count))))
                send(.peers([record]), to: other)
            }
        }
    }

    /// Asks a peer for other nodes, and expects so many records of it.
    mutating func askForPeers(_ handle: PeerHandle) {
        guard peers[handle]?.kind.carriesEntries == true else { return }
        peers[handle]?.meter.asked(for: Limits.peers)
        send(.getPeers(maximum: Limits.peers), to: handle)
    }

    /// Tells a peer of other nodes: for a day the same ones to all who ask from its group.
    mutating func tellPeers(_ maximum: UInt8, to handle: PeerHandle) {
        guard let peer = peers[handle], peer.sharesEntries else { return }
        let group = (peer.address ?? PeerAddress(version4: 0, port: 0)).group
        let limit = Int(Limits.peers)
        if slots.told[group].map({ $0.end <= now }) ?? true {
            let chosen = book.told(limit, now: now, chance: &chance)
            let isWorthKeeping = !policy.isLocal && chosen.count >= AddressBook.toldAtLeast
            if slots.told.count >= policy.toldNetworks,
                let oldest = slots.told.min(by: { ($0.value.end, $0.key) < ($1.value.end, $1.key) })
            {
                slots.told[oldest.key] = nil
            }
            let end = isWorthKeeping ? now.adding(milliseconds: policy.toldPeriod) : now
            slots.told[group] = ToldRecords(identities: chosen, end: end)
        }
        let records = (slots.told[group]?.identities ?? [])
            .filter { $0 != peer.identity }
            .compactMap { book.place(of: $0)?.record }
            .filter { $0.end > now }
        send(.peers(Array(records.prefix(min(Int(maximum), limit)))), to: handle)
    }
}
