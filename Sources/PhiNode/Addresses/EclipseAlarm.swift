/// Tells an operator when what a node sees may all come from one party.
public enum EclipseAlarm {
    /// Milliseconds after a start before the alarm judges.
    public static let quietAfterStart: UInt64 = 120_000
    /// Groups in which the peers that a node called have to stand at least.
    public static let leastGroups = 3
    /// Intervals without a block after which a tip is old; chance alone brings three in the
    /// twentieth part of all gaps, and thirty never.
    public static let oldTipIntervals: UInt64 = 30

    /// What is weighed.
    public struct Observation: Equatable, Sendable {
        /// Whether all nodes stand on one machine or one local network.
        public var isLocal = false
        /// Milliseconds since the start.
        public var uptime: UInt64 = 0
        /// Links that the node made, feelers aside.
        public var outbound = 0
        /// Groups in which those stand.
        public var groups = 0
        /// Links to peers that answered before the start.
        public var known = 0
        /// Anchors that were kept over the start.
        public var anchors = 0
        /// Links to anchors.
        public var linkedAnchors = 0
        /// Milliseconds since the tip's time.
        public var tipAge: UInt64 = 0
        /// Milliseconds between two blocks as the network aims at.
        public var interval: UInt64 = 1
        /// Peers that told their tip.
        public var tellers = 0
        /// Peers that told the same tip as the node's, or less.
        public var agreeing = 0
        /// Whether a seed and an anchor tell of different chains.
        public var seedAndAnchorDisagree = false

        /// An observation of nothing.
        public init() {}
    }

    /// The warnings, as constant phrases.
    public static func warnings(_ seen: Observation) -> [String] {
        guard !seen.isLocal, seen.uptime >= quietAfterStart else { return [] }
        var warnings: [String] = []
        if seen.outbound > 0, seen.anchors > 0, seen.linkedAnchors == 0, seen.known == 0 {
            warnings.append("every peer that was called is new since the start")
        }
        if seen.outbound > 0, seen.groups < leastGroups {
            warnings.append("the peers that were called stand in fewer than three networks")
        }
        if seen.tellers > 0, seen.agreeing == seen.tellers,
            seen.tipAge / oldTipIntervals > seen.interval
        {
            warnings.append("no block has come for thirty intervals, and no peer knows of one")
        }
        if seen.seedAndAnchorDisagree {
            warnings.append("a seed and an anchor tell of different chains")
        }
        return warnings
    }
}
