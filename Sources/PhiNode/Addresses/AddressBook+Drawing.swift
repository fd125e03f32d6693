import PhiCrypto
import PhiLedger
import PhiWire

/// An address that may be called.
struct Candidate: Equatable, Sendable {
    let address: PeerAddress
    let identity: VerifyingKey?
    let way: WayFound
}

extension AddressBook {
    /// Addresses that one draw looks at.
    private static let draws = 96

    /// Which table a draw looks into.
    enum Table: Sendable {
        /// Addresses that were heard of.
        case new
        /// Addresses that have answered.
        case tried
        /// One of the two by chance.
        case either
    }

    /// Draws an address to call: a bucket by chance, in it one by chance, taken by its own chance.
    ///
    /// The draw grows less choosy as it goes on, and looks at so many addresses at most.
    func candidate(
        from table: Table,
        now: Timestamp,
        chance: inout SeededChance,
        where isWanted: (Place) -> Bool
    ) -> Candidate? {
        let isNewEmpty = triedCount == count
        guard !places.isEmpty, table != .tried || triedCount > 0, table != .new || !isNewEmpty
        else { return nil }
        let drawsTried =
            switch table {
            case .new: false
            case .tried: true
            case .either: isNewEmpty || (triedCount > 0 && chance.below(2) == 0)
            }
        let counts = drawsTried ? triedCounts : newCounts
        let buckets = counts.indices.filter { counts[$0] > 0 }
        guard !buckets.isEmpty else { return nil }
        var leniency: UInt64 = 1_000
        for _ in 0..<Self.draws {
            let bucket = buckets[Int(chance.below(UInt64(buckets.count)))]
            let place = member(of: bucket, isTried: drawsTried, chance: &chance)
            defer { leniency = min(leniency * 6 / 5, 1_000_000_000) }
            guard let place, place.retryAt <= now, isWanted(place) else { continue }
            guard chance.below(1_000_000) < place.chance(at: now) * leniency else { continue }
            return Candidate(address: place.callable, identity: place.identity, way: place.way)
        }
        return nil
    }

    private func member(of bucket: Int, isTried: Bool, chance: inout SeededChance) -> Place? {
        let slots = isTried ? triedSlots : newSlots
        let start = Int(chance.below(UInt64(Self.bucketSize)))
        for step in 0..<Self.bucketSize {
            let slot = bucket * Self.bucketSize + (start + step) % Self.bucketSize
            if let index = slots[slot] { return places[index] }
        }
        return nil
    }

    /// Percent of the book that one peer may hear of.
    private static let toldPercent = 23
    /// Records that a peer may hear of however small the book.
    static let toldAtLeast = 8

    /// Chooses nodes to tell a peer of, so that no answer shows the whole book.
    ///
    /// One of each host at most, none whose record has ended, none that is terrible.
    func told(_ limit: Int, now: Timestamp, chance: inout SeededChance) -> [VerifyingKey] {
        let share = key.isLocal ? count : max(Self.toldAtLeast, count * Self.toldPercent / 100)
        let wanted = min(limit, share, count)
        var shuffled = order
        var hosts: Set<UInt128> = []
        var chosen: [VerifyingKey] = []
        var next = 0
        while chosen.count < wanted, next < min(shuffled.count, 8 * wanted) {
            let other = next + Int(chance.below(UInt64(shuffled.count - next)))
            shuffled.swapAt(next, other)
            let place = places[shuffled[next]]
            next += 1
            guard let place, let record = place.record, record.end > now,
                !place.isTerrible(at: now),
                key.isLocal || hosts.insert(place.address.host64).inserted
            else { continue }
            chosen.append(record.identity)
        }
        return chosen
    }

    /// The records that are kept, in the order of their identities.
    var records: [NodeRecord] {
        order.compactMap { places[$0]?.record }.sorted { $0.identity < $1.identity }
    }
}
