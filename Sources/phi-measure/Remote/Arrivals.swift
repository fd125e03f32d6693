import PhiClient
import PhiCrypto

/// When which node told of which entry.
actor Arrivals {
    private let nodes: Int
    private var seen: [Digest: [Int: ContinuousClock.Instant]] = [:]
    private var complete = 0

    init(nodes: Int) {
        self.nodes = nodes
    }

    /// How many entries all nodes have told of.
    var completeCount: Int { complete }

    /// Notes that a node told of an entry; only the first time counts.
    func note(_ entry: Digest, at node: Int, _ time: ContinuousClock.Instant) {
        guard seen[entry]?[node] == nil else { return }
        seen[entry, default: [:]][node] = time
        if seen[entry]?.count == nodes { complete += 1 }
    }

    /// When the last of the nodes told of an entry, or nil while one has not.
    func last(_ entry: Digest) -> ContinuousClock.Instant? {
        guard let times = seen[entry], times.count == nodes else { return nil }
        return times.values.max()
    }

    /// Seconds from the first of the nodes to the last, of each thing that all have told of.
    var spans: [Double] {
        seen.values.filter { $0.count == nodes }.compactMap { times in
            guard let first = times.values.min(), let last = times.values.max() else { return nil }
            return first.duration(to: last).inSeconds
        }
    }
}
