import PhiLedger

/// What one peer sent of its own accord lately, class by class.
struct Metering: Sendable {
    /// What follows from a charge.
    enum Verdict: Equatable {
        /// The peer keeps within its rate.
        case within
        /// Nothing more is to be read from the peer before a time.
        ///
        /// - Parameters:
        ///   - until: When its debt will be paid.
        ///   - isNews: Whether the peer kept within the rate until now.
        ///   - wasEmpty: Whether there was a debt before this charge.
        case over(until: Timestamp, isNews: Bool, wasEmpty: Bool)
        /// The peer had no tokens for too long.
        case exhausted
    }

    private struct Meter: Sendable {
        var bucket: TokenBucket
        /// Since when the peer lives off the tokens that just come.
        var emptySince: Timestamp?
    }

    /// Milliseconds of tokens that show a rest.
    private static var rest: UInt64 { 10_000 }

    private var meters: [MeterClass: Meter] = [:]
    /// Units of listings that the peer may still send in answer to a sketch.
    private var expectedListings: UInt64 = 0

    /// Charges a peer, whose debt may have to be waited for.
    mutating func charge(
        _ kind: MeterClass,
        _ cost: UInt64,
        policy: NodePolicy,
        now: Timestamp
    ) -> Verdict {
        let rate = policy.meterRates[kind]
        var meter = meters[kind] ?? Meter(bucket: TokenBucket(rate, at: now))
        defer { meters[kind] = meter }
        let before = meter.bucket.thousandths(at: now)
        let rested = Int64(min(rate.burst / 4 * 1_000, rate.perSecond * Self.rest))
        if before >= rested { meter.emptySince = nil }
        if meter.bucket.take(cost, at: now) { return .within }
        let since = meter.emptySince
        meter.emptySince = since ?? now
        if let since, !kind.isService, now.since(since) >= policy.meterPatience {
            return .exhausted
        }
        let least = now.adding(milliseconds: policy.meterPause)
        return .over(
            until: max(least, meter.bucket.solvent(at: now)),
            isNews: since == nil,
            wasEmpty: before < 0
        )
    }

    /// Lets the peer answer a sketch with listings.
    mutating func expectListings(_ units: UInt64) { expectedListings = units }

    /// The part of a listing's cost that was not expected.
    mutating func unexpected(_ cost: UInt64) -> UInt64 {
        let covered = min(cost, expectedListings)
        expectedListings -= covered
        return cost - covered
    }
}
