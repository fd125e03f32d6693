import PhiCrypto
import PhiLedger
import PhiWire

extension AddressBook {
    /// Milliseconds after an answer in which nobody takes an address's place.
    private static let freshness: UInt64 = 4 * 60 * 60 * 1_000
    /// Milliseconds that a feeler has to find out whether an address still answers.
    private static let testWindow: UInt64 = 40 * 60 * 1_000
    /// Milliseconds after which a call without an answer counts as none.
    private static let testPatience: UInt64 = 60 * 1_000

    /// Notes that an address is being called.
    mutating func called(_ address: PeerAddress, identity: VerifyingKey?, now: Timestamp) {
        guard let index = index(of: address, identity: identity) else { return }
        places[index]?.lastTry = now
    }

    /// Notes that a call was not answered.
    ///
    /// It counts where this says something of the address; without other peers it may be the
    /// node itself that has no network.
    mutating func failed(
        _ address: PeerAddress,
        identity: VerifyingKey?,
        counts: Bool,
        now: Timestamp,
        chance: inout SeededChance
    ) {
        guard let index = index(of: address, identity: identity), var place = places[index] else {
            return
        }
        if counts, place.failures < .max { place.failures += 1 }
        place.rest(until: now, chance: &chance)
        places[index] = place
        let isIdle = place.slots.isEmpty && !place.isTried
        if isIdle || (!place.isTried && place.isTerrible(at: now.adding(milliseconds: 60_000))) {
            remove(index)
        }
    }

    /// Notes that a connection ended that had answered.
    mutating func parted(_ identity: VerifyingKey, now: Timestamp, chance: inout SeededChance) {
        guard let index = byIdentity[identity] else { return }
        places[index]?.lastSeen = now
        places[index]?.rest(until: now, chance: &chance)
    }

    /// Notes that a node answered at an address with its own key and a greeting.
    ///
    /// With tests, another address in its place is called before it has to go.
    mutating func answered(
        _ address: PeerAddress,
        identity: VerifyingKey,
        way: WayFound,
        now: Timestamp,
        tests: Bool = true
    ) {
        let index = entry(for: address, identity: identity, way: way, now: now)
        places[index]?.lastSuccess = now
        places[index]?.lastSeen = now
        places[index]?.lastTry = now
        places[index]?.failures = 0
        places[index]?.doublings = 0
        if places[index]?.address != address { move(index, to: address) }
        guard places[index]?.isTried == false else { return }
        promote(index, now: now, tests: tests)
    }

    /// The entry of a node that answered, made where there is none.
    private mutating func entry(
        for address: PeerAddress,
        identity: VerifyingKey,
        way: WayFound,
        now: Timestamp
    ) -> Int {
        if let index = byIdentity[identity] {
            if let nameless = byAddress[address], nameless != index { remove(nameless) }
            return index
        }
        if let index = byAddress.removeValue(forKey: address) {
            places[index]?.identity = identity
            byIdentity[identity] = index
            return index
        }
        return insert(
            Place(
                address: address,
                identity: identity,
                record: nil,
                way: way,
                source: address.group,
                firstSeen: now,
                lastSeen: now
            )
        )
    }

    /// Moves an entry to the tried table, or has the one in its place tested first.
    private mutating func promote(_ index: Int, now: Timestamp, tests: Bool) {
        guard let place = places[index] else { return }
        let slot = triedSlot(of: place.address)
        if let holder = triedSlots[slot] {
            guard !tests else {
                if !collisions.contains(index), collisions.count < Self.collisionLimit {
                    collisions.append(index)
                }
                keepOrRemove(index)
                return
            }
            demote(holder)
        }
        clearSlots(of: index)
        collisions.removeAll { $0 == index }
        setTried(slot, to: index)
    }

    /// Gives an entry without a slot its place in the new table, or lets it go.
    private mutating func keepOrRemove(_ index: Int) {
        guard let place = places[index], place.slots.isEmpty, !place.isTried else { return }
        let slot = newSlot(of: place.address, from: place.source)
        if let holder = newSlots[slot] {
            guard (places[holder]?.slots.count ?? 0) > 1 || places[holder]?.lastSuccess == .zero
            else { return remove(index) }
        }
        vacateNew(slot)
        setNew(slot, to: index)
    }

    private mutating func demote(_ holder: Int) {
        clearSlots(of: holder)
        keepOrRemove(holder)
    }

    /// The address whose place another wants, to be called by a feeler.
    func testTarget(now: Timestamp) -> (address: PeerAddress, identity: VerifyingKey?)? {
        for index in collisions {
            guard let place = places[index],
                let holder = triedSlots[triedSlot(of: place.address)].flatMap({ places[$0] }),
                holder.retryAt <= now, now.since(holder.lastTry) >= Self.testPatience
            else { continue }
            return (holder.address, holder.identity)
        }
        return nil
    }

    /// Decides who keeps a place where the test is done or its time is over.
    mutating func resolveCollisions(now: Timestamp) {
        for index in collisions {
            guard let place = places[index], !place.isTried else {
                collisions.removeAll { $0 == index }
                continue
            }
            let holder = triedSlots[triedSlot(of: place.address)].flatMap { places[$0] }
            guard let holder else {
                promote(index, now: now, tests: false)
                continue
            }
            if now.since(holder.lastSuccess) < Self.freshness {
                collisions.removeAll { $0 == index }
            } else if now.since(holder.lastTry) < Self.freshness {
                guard now.since(holder.lastTry) >= Self.testPatience else { continue }
                promote(index, now: now, tests: false)
            } else if now.since(place.lastSuccess) >= Self.testWindow {
                promote(index, now: now, tests: false)
            }
        }
    }
}
