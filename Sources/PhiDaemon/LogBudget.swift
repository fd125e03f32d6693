import PhiLedger
import PhiNode

/// How many lines of the log peers may cause, so that they cannot fill a disk.
struct LogBudget {
    /// A line in a second, and a minute's worth at once.
    static let rate = MeterRate(perSecond: 1, burst: 60)

    private var lines: TokenBucket
    private var unwritten = 0

    /// A budget of which nothing is used.
    init(at now: Timestamp) {
        lines = TokenBucket(Self.rate, at: now)
    }

    /// Asks for a line.
    ///
    /// - Returns: How many lines were not written since the last one; nil when this one must not be.
    mutating func admit(at now: Timestamp) -> Int? {
        guard lines.thousandths(at: now) >= 1_000 else {
            unwritten += 1
            return nil
        }
        lines.take(1, at: now)
        defer { unwritten = 0 }
        return unwritten
    }
}
