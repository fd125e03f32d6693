/// What happened in a run, in numbers.
public struct Tally: Hashable, Codable, Sendable {
    /// Steps of nodes.
    public var steps: UInt64 = 0
    /// Messages that arrived.
    public var messages: UInt64 = 0
    /// Blocks that honest nodes found.
    public var blocks: UInt64 = 0
    /// Entries that were submitted.
    public var submitted: UInt64 = 0
    /// Entries that were acknowledged.
    public var acknowledged: UInt64 = 0
    /// Programs that ended at once.
    public var crashes: UInt64 = 0
    /// Batches that were lost with power.
    public var lostBatches: UInt64 = 0
    /// Blocks that were taken back.
    public var takenBack: UInt64 = 0
    /// The deepest reorganization.
    public var deepest: UInt32 = 0
    /// Times that two parts came together again.
    public var healed: UInt64 = 0
    /// Milliseconds after the last fault in which all agreed, at most.
    public var agreedAfter: UInt64 = 0
    /// Nodes that stopped by themselves because their disk failed.
    public var halts: UInt64 = 0
    /// Receipts that were made and verified.
    public var receipts: UInt64 = 0

    /// Nothing happened yet.
    public init() {}

    /// Takes in what happened in another run.
    public mutating func add(_ other: Tally) {
        steps += other.steps
        messages += other.messages
        blocks += other.blocks
        submitted += other.submitted
        acknowledged += other.acknowledged
        crashes += other.crashes
        lostBatches += other.lostBatches
        takenBack += other.takenBack
        deepest = max(deepest, other.deepest)
        healed += other.healed
        agreedAfter = max(agreedAfter, other.agreedAfter)
        halts += other.halts
        receipts += other.receipts
    }
}
