import PhiCrypto
import PhiLedger

/// Entries that a peer was told of lately and has not fetched here, so that it may lack them yet.
struct RecentOffers: Sendable {
    /// Offers that are remembered; the oldest goes first.
    static let limit = 256

    private var times: [Digest: Timestamp] = [:]
    private var order: [Digest] = []
    private var oldest = 0

    /// How many offers are remembered.
    var count: Int { times.count }

    /// Remembers that an entry was announced.
    mutating func offer(_ leaf: Digest, at now: Timestamp) {
        guard times.updateValue(now, forKey: leaf) == nil else { return }
        order.append(leaf)
        while times.count > Self.limit {
            times[order[oldest]] = nil
            oldest += 1
        }
        guard order.count >= 2 * Self.limit else { return }
        order = order[oldest...].filter { times[$0] != nil }
        oldest = 0
    }

    /// Forgets an entry that was given.
    mutating func give(_ leaf: Digest) { times[leaf] = nil }

    /// Whether an entry was announced at most so many milliseconds ago, and not given.
    func isOpen(_ leaf: Digest, now: Timestamp, window: UInt64) -> Bool {
        times[leaf].map { now.since($0) <= window } ?? false
    }
}
