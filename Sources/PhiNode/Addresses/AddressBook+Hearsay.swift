import PhiCrypto
import PhiLedger
import PhiWire

extension AddressBook {
    /// Takes in a checked record that a source told of.
    ///
    /// Only the node's own word moves its entry: a record signed by another identity that shows
    /// the same address makes an entry of its own and touches none that answered.
    ///
    /// - Returns: Whether the record is news.
    @discardableResult
    mutating func learn(
        _ record: NodeRecord,
        from source: NetworkGroup,
        way: WayFound,
        now: Timestamp,
        chance: inout SeededChance
    ) -> Bool {
        let index = byIdentity[record.identity]
        if let index, let present = places[index]?.record {
            guard record.replaces(present) else {
                if record == present { addReference(index, from: source, chance: &chance) }
                return false
            }
        }
        guard record.flags.contains(.dialable), let first = record.addresses.first else {
            if let index { remove(index) }
            return false
        }
        guard let index else {
            return heard(
                of: first,
                identity: record.identity,
                record: record,
                from: source,
                way: way,
                now: now,
                chance: &chance
            )
        }
        let address = places[index]?.address ?? first
        let seen = max(places[index]?.lastSeen ?? now, record.signedAt)
        places[index]?.record = record
        places[index]?.lastSeen = min(now, seen)
        if !record.addresses.contains(address) {
            move(index, to: first)
            places[index]?.failures = 0
            places[index]?.doublings = 0
            places[index]?.retryAt = .zero
        }
        addReference(index, from: source, chance: &chance)
        guard let place = places[index] else { return false }
        if place.slots.isEmpty, !place.isTried { remove(index) }
        return places[index] != nil
    }

    /// Takes in an address that a source told of, its node known or not.
    ///
    /// - Returns: Whether the address is in the book now and was not before.
    @discardableResult
    mutating func heard(
        of address: PeerAddress,
        identity: VerifyingKey?,
        record: NodeRecord? = nil,
        from source: NetworkGroup,
        way: WayFound,
        now: Timestamp,
        chance: inout SeededChance
    ) -> Bool {
        if let index = index(of: address, identity: identity) {
            addReference(index, from: source, chance: &chance)
            return false
        }
        let place = Place(
            address: address,
            identity: identity,
            record: record,
            way: way,
            source: source,
            firstSeen: now,
            lastSeen: min(now, record?.signedAt ?? now)
        )
        let slot = newSlot(of: address, from: source)
        guard makesWay(newSlots[slot], for: nil, now: now) else { return false }
        vacateNew(slot)
        setNew(slot, to: insert(place))
        return true
    }

    func newSlot(of address: PeerAddress, from source: NetworkGroup) -> Int {
        key.slot(address, bucket: key.newBucket(address, from: source), isTried: false)
    }

    /// Gives an entry of the new table one more slot, each with half the chance of the one before.
    private mutating func addReference(
        _ index: Int,
        from source: NetworkGroup,
        chance: inout SeededChance
    ) {
        guard let place = places[index], !place.isTried else { return }
        guard place.slots.count < Self.referenceLimit else { return }
        if !place.slots.isEmpty, chance.below(1 << UInt64(place.slots.count)) != 0 { return }
        let slot = newSlot(of: place.address, from: source)
        guard newSlots[slot] != index else { return }
        guard makesWay(newSlots[slot], for: index, now: place.lastSeen) else { return }
        vacateNew(slot)
        setNew(slot, to: index)
    }

    /// Whether an entry gives its slot to another: where it is terrible or stands elsewhere too.
    private func makesWay(_ holder: Int?, for index: Int?, now: Timestamp) -> Bool {
        guard let holder, let place = places[holder] else { return true }
        if place.isTerrible(at: now) { return true }
        let isFirst = index.flatMap { places[$0]?.slots.isEmpty } ?? true
        return place.slots.count > 1 && isFirst
    }

    /// Takes the holder of a slot of the new table out of it, and out of the book with its last.
    mutating func vacateNew(_ slot: Int) {
        guard let holder = newSlots[slot] else { return }
        clearNew(slot)
        places[holder]?.slots.removeAll { $0 == slot }
        guard let place = places[holder], place.slots.isEmpty, !place.isTried else { return }
        remove(holder)
    }
}
