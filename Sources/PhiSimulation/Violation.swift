/// Something that must hold after every event, whatever goes wrong.
public enum Invariant: String, CaseIterable, Codable, Sendable {
    /// A node whose disk has all blocks of a heavier branch is on it.
    case mostWork = "most-work"
    /// The work of a node's tip never falls, once the chain stands still.
    case risingWork = "rising-work"
    /// Nodes with one tip have the same records.
    case equalStates = "equal-states"
    /// A node's records are those that its blocks lead to, from the genesis block on.
    case replay
    /// No entry waits for a block that is in one already.
    case disjointPool = "disjoint-pool"
    /// No author has two entries of one number in one meeting, and none is left out.
    case uniqueSequences = "unique-sequences"
    /// What a node acknowledged is in its chain, in its pool or told to be dropped, and safe.
    case acknowledged
    /// A node holds no more memory than it may.
    case memory
    /// A receipt made sixty blocks deep stays true unless a heavier branch took its block.
    case receipts
    /// No honest peer is blamed.
    case blame
    /// No node stops unless its disk fails.
    case noHalt = "no-halt"
    /// Once nothing goes wrong any more all nodes come to one tip, and settle all entries.
    case liveness
}

/// A rule that was broken, with all that is needed to find out why.
public struct Violation: Hashable, Codable, Sendable {
    /// The rule.
    public let invariant: Invariant
    /// The node that broke it.
    public let member: Int
    /// Milliseconds from the start of the run.
    public let time: UInt64
    /// What was found.
    public let detail: String

    /// A violation with every field given.
    public init(invariant: Invariant, member: Int, time: UInt64, detail: String) {
        self.invariant = invariant
        self.member = member
        self.time = time
        self.detail = detail
    }
}
