import PhiCrypto
import PhiLedger
import PhiWire

/// Addresses that are called by name: the operator's, the seeds, those of links and neighbors.
struct CallList: Sendable {
    /// One of them.
    struct Call: Sendable {
        var identity: VerifyingKey?
        var way: WayIn
        var failures: UInt64 = 0
        var retryAt: Timestamp = .zero

        var rank: UInt8 { WayFound(way).rawValue }
    }

    private static let firstRetry: UInt64 = 500
    /// The operator's peers are called again at least so often: they may be the only way out of
    /// a flood or a partition.
    private static let lastManualRetry: UInt64 = 10_000
    private static let lastRetry: UInt64 = 300_000
    private static let busyPatience: UInt64 = 30_000

    private var calls: [PeerAddress: Call] = [:]
    private let limit: Int

    /// An empty list that holds so many addresses at most.
    init(limit: Int) {
        self.limit = limit
    }

    /// How an address is called, if it is.
    subscript(address: PeerAddress) -> Call? { calls[address] }

    /// Addresses that the operator named.
    var manualCount: Int { calls.values.reduce(0) { $0 + ($1.way == .manual ? 1 : 0) } }

    /// Whether the operator named an address or a node.
    func isManual(_ address: PeerAddress?, _ identity: VerifyingKey) -> Bool {
        if let address, calls[address]?.way == .manual { return true }
        return calls.values.contains { $0.way == .manual && $0.identity == identity }
    }

    /// Takes an address in; a full list gives up one that nobody asked to keep, or takes none.
    mutating func add(_ address: PeerAddress, identity: VerifyingKey?, way: WayIn) {
        if var present = calls[address] {
            present.identity = identity ?? present.identity
            if way == .manual || present.way != .manual { present.way = way }
            present.retryAt = .zero
            calls[address] = present
            return
        }
        if calls.count >= limit {
            let passing = calls.filter { $0.value.way == .link || $0.value.way == .lan }
            guard let victim = passing.keys.min() else { return }
            calls[victim] = nil
        }
        calls[address] = Call(identity: identity, way: way)
    }

    /// Forgets a node.
    mutating func forget(_ identity: VerifyingKey) {
        let gone = calls.filter { $0.value.identity == identity }
        for address in gone.keys.sorted() { calls[address] = nil }
    }

    /// Notes who answered; what was to be called once is done with.
    mutating func answered(_ address: PeerAddress, identity: VerifyingKey) {
        guard let call = calls[address] else { return }
        if call.way == .link || call.way == .lan {
            calls[address] = nil
        } else {
            calls[address]?.identity = identity
            calls[address]?.failures = 0
        }
    }

    /// Notes that a call failed or a connection ended: the next waits ever longer.
    mutating func rest(_ address: PeerAddress, now: Timestamp, chance: inout SeededChance) {
        guard var call = calls[address] else { return }
        guard call.way == .manual || call.way == .seed else {
            calls[address] = nil
            return
        }
        let longest = call.way == .manual ? Self.lastManualRetry : Self.lastRetry
        let wait = min(Self.firstRetry << min(call.failures, 10), longest)
        call.failures += 1
        call.retryAt = now.adding(milliseconds: wait / 2 + chance.below(wait))
        calls[address] = call
    }

    /// Addresses to call now, those of the operator first.
    func due(now: Timestamp, withSeeds: Bool) -> [(address: PeerAddress, call: Call)] {
        calls.sorted { ($0.value.rank, $0.key) < ($1.value.rank, $1.key) }
            .filter { $0.value.retryAt <= now && (withSeeds || $0.value.way != .seed) }
            .map { (address: $0.key, call: $0.value) }
    }

    /// Lets an address alone while it is being called.
    mutating func called(_ address: PeerAddress, now: Timestamp) {
        calls[address]?.retryAt = now.adding(milliseconds: Self.busyPatience)
    }
}
