/// Says how long bytes have to wait so that all bytes together keep to a rate.
///
/// Whoever comes first goes first: each call books the time that its bytes take, after all bytes
/// booked before. Times are nanoseconds of one clock.
struct LeakyBucket {
    /// Nanoseconds in a second.
    private static let second: UInt64 = 1_000_000_000
    /// Nanoseconds of rest that may be made up for at once.
    static let slack: UInt64 = 100_000_000

    private let bytesPerSecond: UInt64
    private var bookedUntil: UInt64 = 0

    /// An empty bucket.
    init(bytesPerSecond: UInt64) {
        precondition(bytesPerSecond > 0, "a rate lets something through")
        self.bytesPerSecond = bytesPerSecond
    }

    /// Books bytes.
    /// - Parameters:
    ///   - count: How many bytes, not below zero.
    ///   - now: The clock's time.
    /// - Returns: The time before which they must not go.
    mutating func book(_ count: Int, at now: UInt64) -> UInt64 {
        let earliest = now > Self.slack ? now - Self.slack : 0
        let start = max(bookedUntil, earliest)
        let (high, low) = UInt64(max(0, count)).multipliedFullWidth(by: Self.second)
        let isLong = high >= bytesPerSecond
        let time = isLong ? UInt64.max : bytesPerSecond.dividingFullWidth((high, low)).quotient
        let (end, overflow) = start.addingReportingOverflow(time)
        bookedUntil = overflow ? .max : end
        return max(now, start)
    }
}
