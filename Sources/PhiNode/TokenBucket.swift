public import PhiLedger

/// Tokens that time brings and traffic takes; more may be taken than are there, as a debt.
///
/// Counts thousandths, so that a rate in tokens per second adds whole numbers each millisecond.
public struct TokenBucket: Hashable, Sendable {
    /// The rate at which tokens come, and how many there are at most.
    public let rate: MeterRate
    private var level: Int64
    private var filledAt: Timestamp

    /// A full bucket.
    public init(_ rate: MeterRate, at now: Timestamp) {
        self.rate = rate
        level = Self.thousandths(rate.burst)
        filledAt = now
    }

    /// Thousandths of a token; below zero is a debt.
    public func thousandths(at now: Timestamp) -> Int64 {
        let full = Self.thousandths(rate.burst)
        // A clock that was set back brings no tokens and takes none.
        let (gain, overflow) = now.since(filledAt).multipliedReportingOverflow(by: rate.perSecond)
        guard !overflow, gain < UInt64(full.magnitude) + level.magnitude else { return full }
        return min(full, level + Int64(gain))
    }

    /// Takes tokens, whether they are there or not; a debt has no more than one largest burst.
    ///
    /// - Returns: Whether they were there.
    @discardableResult
    public mutating func take(_ count: UInt64, at now: Timestamp) -> Bool {
        let wanted = Self.thousandths(min(count, MeterRate.limit))
        let before = thousandths(at: now)
        level = max(before - wanted, -Self.thousandths(MeterRate.limit))
        filledAt = now
        return level >= 0
    }

    /// When the debt will be paid; now when there is none.
    public func solvent(at now: Timestamp) -> Timestamp {
        let debt = thousandths(at: now)
        guard debt < 0 else { return now }
        let wait = (debt.magnitude + rate.perSecond - 1) / rate.perSecond
        return now.adding(milliseconds: wait)
    }

    private static func thousandths(_ tokens: UInt64) -> Int64 { Int64(tokens) * 1_000 }
}
