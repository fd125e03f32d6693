/// Durations of many like events, in seconds.
struct Latencies: Sendable {
    private var sorted: [Double]

    init(_ seconds: [Double]) {
        sorted = seconds.sorted()
    }

    var count: Int { sorted.count }

    /// The duration that so many percent of the events did not exceed.
    func percentile(_ percent: Int) -> Double {
        guard !sorted.isEmpty else { return .nan }
        let rank = (sorted.count * percent + 99) / 100
        return sorted[max(1, min(rank, sorted.count)) - 1]
    }
}
