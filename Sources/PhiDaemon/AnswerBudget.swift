import PhiLedger

/// How often a node answers on the local network: so often for one source, so often in all.
///
/// An answer is up to five times as long as a question, and a question's source is easily forged.
struct AnswerBudget: Sendable {
    /// Answers to one source in a second, and at once.
    static let perSource: UInt64 = 4
    /// Answers to all sources in a second, and at once.
    static let inAll: UInt64 = 16
    /// Sources that are remembered; while there are more, new ones get no answer.
    static let sources = 256

    /// What is left of one allowance, in thousandths of an answer.
    private struct Bucket {
        var rest: UInt64
        var at: Timestamp

        /// Fills up for the time that has passed and takes one answer out, if one is in it.
        mutating func take(rate: UInt64, now: Timestamp) -> Bool {
            rest = level(rate: rate, now: now)
            at = max(at, now)
            guard rest >= 1_000 else { return false }
            rest -= 1_000
            return true
        }

        func level(rate: UInt64, now: Timestamp) -> UInt64 {
            min(rest + min(now.since(at), 1_000) * rate, rate * 1_000)
        }
    }

    private var all = Bucket(rest: inAll * 1_000, at: .zero)
    private var bySource: [UInt128: Bucket] = [:]

    /// Takes one answer out, or says that there is none left.
    mutating func take(for source: UInt128, now: Timestamp) -> Bool {
        if bySource[source] == nil, bySource.count >= Self.sources {
            bySource = bySource.filter {
                $0.value.level(rate: Self.perSource, now: now) < Self.perSource * 1_000
            }
            guard bySource.count < Self.sources else { return false }
        }
        var bucket = bySource[source] ?? Bucket(rest: Self.perSource * 1_000, at: now)
        let isAllowed = bucket.take(rate: Self.perSource, now: now)
        bySource[source] = bucket
        return isAllowed && all.take(rate: Self.inAll, now: now)
    }
}
