public import PhiLedger

/// Decides which of the peers that called has to go when another calls and there is no room.
///
/// Whoever attacks must beat the honest peers in something that costs: many networks, short ways,
/// new blocks, new entries, or long staying.
public enum InboundEviction {
    /// Groups of which the oldest peer stays, chosen by a secret.
    public static let groups = 8
    /// Peers that stay for the shortest way.
    public static let pings = 4
    /// Peers that stay because they gave the newest blocks.
    public static let blocks = 4
    /// Peers that stay because they gave the newest entries.
    public static let entries = 4

    /// What is weighed of one peer.
    public struct Candidate: Equatable, Sendable {
        /// The connection.
        public var handle: PeerHandle
        /// A number for the peer's group that nobody else can foresee.
        public var group: UInt64
        /// Milliseconds of the fastest answer; nil before the first.
        public var ping: UInt64?
        /// When the peer last gave a block that was new here.
        public var lastBlock: Timestamp?
        /// When the peer last gave an entry that was new here.
        public var lastEntry: Timestamp?
        /// When the connection was made.
        public var since: Timestamp
        /// Whether somebody from the same host misbehaved lately.
        public var isSuspect: Bool

        /// A candidate with every field given.
        public init(
            handle: PeerHandle,
            group: UInt64,
            ping: UInt64?,
            lastBlock: Timestamp?,
            lastEntry: Timestamp?,
            since: Timestamp,
            isSuspect: Bool
        ) {
            self.handle = handle
            self.group = group
            self.ping = ping
            self.lastBlock = lastBlock
            self.lastEntry = lastEntry
            self.since = since
            self.isSuspect = isSuspect
        }
    }

    /// The peer that has to go, or nil where every one is worth more than an unknown one.
    public static func victim(among candidates: [Candidate]) -> PeerHandle? {
        let suspects = candidates.filter(\.isSuspect)
        if let youngest = suspects.max(by: isOlder) { return youngest.handle }
        var rest = candidates.sorted(by: isOlder)
        keepGroups(&rest)
        keep(pings, of: &rest) { candidate in candidate.ping.map { UInt64.max - $0 } }
        keep(blocks, of: &rest) { $0.lastBlock?.milliseconds }
        keep(entries, of: &rest) { $0.lastEntry?.milliseconds }
        rest.removeFirst(rest.count / 2)
        return youngestOfBiggestGroup(rest)
    }

    private static func isOlder(_ left: Candidate, _ right: Candidate) -> Bool {
        (left.since, left.handle) < (right.since, right.handle)
    }

    /// Takes the oldest peer of each of the chosen groups out of those in danger.
    private static func keepGroups(_ rest: inout [Candidate]) {
        var seen: Set<UInt64> = []
        let oldest = rest.filter { seen.insert($0.group).inserted }
            .sorted { ($0.group, $0.handle) < ($1.group, $1.handle) }
        let kept = Set(oldest.suffix(groups).map(\.handle))
        rest.removeAll { kept.contains($0.handle) }
    }

    /// Takes those with the greatest merit out of those in danger, the older of equal ones.
    private static func keep(
        _ count: Int,
        of rest: inout [Candidate],
        by merit: (Candidate) -> UInt64?
    ) {
        let best = rest.compactMap { candidate in
            merit(candidate).map { (merit: $0, candidate: candidate) }
        }
        .sorted { left, right in
            left.merit != right.merit
                ? left.merit > right.merit : isOlder(left.candidate, right.candidate)
        }
        let kept = Set(best.prefix(count).map(\.candidate.handle))
        rest.removeAll { kept.contains($0.handle) }
    }

    private static func youngestOfBiggestGroup(_ rest: [Candidate]) -> PeerHandle? {
        var sizes: [UInt64: Int] = [:]
        for candidate in rest { sizes[candidate.group, default: 0] += 1 }
        let biggest = sizes.values.max()
        return rest.filter { sizes[$0.group] == biggest }.max(by: isOlder)?.handle
    }
}
