import NIOCore
import Synchronization

/// One token bucket for each client address.
///
/// A bucket is kept as the moment at which it will be full again, so that a client at rest needs
/// no memory and time needs no ticking.
final class RateLimiter: Sendable {
    private let interval: Int64
    private let tolerance: Int64
    private let fullAt = Mutex<[String: Int64]>([:])

    /// How many addresses are told apart; further ones share a bucket.
    private static let addressLimit = 8_192
    private static let shared = ""

    init(perSecond: Int, burst: Int) {
        interval = 1_000_000_000 / Int64(max(1, perSecond))
        tolerance = interval * Int64(max(1, burst))
    }

    /// Takes tokens out of a client's bucket.
    /// - Parameters:
    ///   - cost: How many tokens; more than a full bucket holds counts as a full one.
    ///   - client: What the client is counted as.
    ///   - now: The present.
    /// - Returns: Nil when they were there, or how many milliseconds to wait.
    func take(_ cost: Int, from client: String, at now: NIODeadline) -> Int64? {
        let present = Int64(clamping: now.uptimeNanoseconds)
        let price = min(
            interval.multipliedReportingOverflow(by: Int64(cost)).partialValue,
            tolerance
        )
        return fullAt.withLock { buckets in
            var key = client
            if buckets[key] == nil, buckets.count >= Self.addressLimit {
                buckets = buckets.filter { $0.value > present }
                if buckets.count >= Self.addressLimit { key = Self.shared }
            }
            let full = max(present, buckets[key] ?? present) + price
            let excess = full - present - tolerance
            guard excess <= 0 else { return excess / 1_000_000 + 1 }
            buckets[key] = full
            return nil
        }
    }
}
