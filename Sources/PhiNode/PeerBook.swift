import PhiCrypto
import PhiLedger
import PhiWire

/// The peers that a node knows of: named by the operator, by files, or by other peers.
struct PeerBook: Sendable {
    /// What is remembered of one address.
    struct Place: Sendable {
        var identity: VerifyingKey?
        var isManual: Bool
        var failures: UInt64 = 0
        var retryAt: Timestamp = .zero
    }

    private static let firstRetry: UInt64 = 500
    private static let lastRetry: UInt64 = 300_000
    private static let busyPatience: UInt64 = 30_000

    private var places: [PeerAddress: Place] = [:]
    private var records: [VerifyingKey: NodeRecord] = [:]
    private var discouraged: [VerifyingKey: Timestamp] = [:]
    private let policy: NodePolicy

    init(policy: NodePolicy) {
        self.policy = policy
    }

    var manualCount: Int { places.values.reduce(0) { $0 + ($1.isManual ? 1 : 0) } }

    /// The records that are kept, in the order of their identities.
    var allRecords: [NodeRecord] {
        records.sorted { $0.key < $1.key }.map(\.value)
    }

    mutating func add(manual address: PeerAddress, identity: VerifyingKey?) {
        var place = places[address] ?? Place(identity: identity, isManual: true)
        place.isManual = true
        place.identity = identity ?? place.identity
        place.retryAt = .zero
        places[address] = place
    }

    /// Keeps a checked record, unless a newer one is there or the book is full.
    mutating func learn(_ record: NodeRecord) {
        if let present = records[record.identity], !record.replaces(present) { return }
        guard records[record.identity] != nil || records.count < policy.knownRecords else { return }
        let old = records.updateValue(record, forKey: record.identity)?.addresses ?? []
        for address in old where !record.addresses.contains(address) {
            guard let place = places[address], !place.isManual,
                place.identity == record.identity
            else { continue }
            places[address] = nil
        }
        guard record.flags.contains(.dialable) else { return }
        for address in record.addresses where places[address] == nil {
            places[address] = Place(identity: record.identity, isManual: false)
        }
    }

    mutating func forget(_ identity: VerifyingKey) {
        records[identity] = nil
        for (address, place) in places where place.identity == identity {
            places[address] = nil
        }
    }

    mutating func connected(_ address: PeerAddress, identity: VerifyingKey) {
        guard places[address] != nil else { return }
        places[address]?.identity = identity
        places[address]?.failures = 0
    }

    mutating func disconnected(
        _ address: PeerAddress,
        now: Timestamp,
        chance: inout SeededChance
    ) {
        failed(address, now: now, chance: &chance)
    }

    mutating func failed(_ address: PeerAddress, now: Timestamp, chance: inout SeededChance) {
        guard var place = places[address] else { return }
        let doublings = min(place.failures, 10)
        let wait = min(Self.firstRetry << doublings, Self.lastRetry)
        place.failures += 1
        place.retryAt = now.adding(milliseconds: wait / 2 + chance.below(wait))
        places[address] = place
        if place.failures > 20, !place.isManual { places[address] = nil }
    }

    mutating func discourage(_ identity: VerifyingKey, now: Timestamp) {
        if discouraged.count >= policy.discouragedPeers,
            let soonest = discouraged.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })
        {
            discouraged[soonest.key] = nil
        }
        discouraged[identity] = now.adding(milliseconds: policy.discouragement)
    }

    func isDiscouraged(_ identity: VerifyingKey, now: Timestamp) -> Bool {
        discouraged[identity].map { $0 > now } ?? false
    }

    /// Addresses to call now; each is left alone then until it fails or a time has passed.
    mutating func candidates(
        _ wanted: Int,
        connected: Set<VerifyingKey>,
        now: Timestamp
    ) -> [(PeerAddress, VerifyingKey?)] {
        var chosen: [(PeerAddress, VerifyingKey?)] = []
        var others = wanted
        for (address, place) in places.sorted(by: { $0.key < $1.key })
        where place.retryAt <= now {
            if let identity = place.identity {
                guard !connected.contains(identity), !isDiscouraged(identity, now: now) else {
                    continue
                }
            }
            guard place.isManual || others > 0 else { continue }
            if !place.isManual { others -= 1 }
            places[address]?.retryAt = now.adding(milliseconds: Self.busyPatience)
            chosen.append((address, place.identity))
        }
        return chosen
    }

    /// Records to tell a peer, those still valid, in the order of their identities.
    func records(_ count: Int, now: Timestamp, except identity: VerifyingKey?) -> [NodeRecord] {
        let valid = allRecords.filter { $0.end > now && $0.identity != identity }
        return Array(valid.prefix(count))
    }
}
