import PhiLedger

/// How many records a peer may still tell of: a bucket that fills slowly.
struct RecordMeter: Sendable {
    /// Records that a bucket holds.
    static let capacity: UInt64 = 1_000
    /// Records that a peer may tell at once when it comes: one message of news.
    static let first: UInt64 = 10
    /// Milliseconds in which the bucket fills by one record.
    static let millisecondsPerRecord: UInt64 = 10_000

    /// What the bucket holds, in the milliseconds that it took to fill.
    private var filled = first * millisecondsPerRecord
    private var at: Timestamp

    init(now: Timestamp) {
        at = now
    }

    /// The peer was asked for so many.
    mutating func asked(for count: UInt8) { fill(UInt64(count) * Self.millisecondsPerRecord) }

    /// Takes one record out, if there is one.
    mutating func take(now: Timestamp) -> Bool {
        fill(now.since(at))
        at = max(at, now)
        guard filled >= Self.millisecondsPerRecord else { return false }
        filled -= Self.millisecondsPerRecord
        return true
    }

    private mutating func fill(_ amount: UInt64) {
        let capacity = Self.capacity * Self.millisecondsPerRecord
        filled = min(capacity, filled + min(amount, capacity))
    }
}
