import PhiClient
import PhiLedger

/// What a generated chain is to be like.
struct ChainPlan: Sendable {
    /// The network whose genesis block the chain follows.
    let network: Network
    /// Entries in all, those that open meetings counted in.
    let entries: Int
    /// Entries in a block, unless they have not room in it.
    let perBlock: Int
    /// Authors who take turns in writing.
    let authors: Int
    /// Meetings that the authors write to, each to one of them.
    let meetings: Int
    /// Whether an author's first entry is a `join`, so that each becomes a member.
    let joins: Bool
    /// Fixes keys, salts and texts.
    let seed: UInt64

    init(
        network: Network,
        entries: Int,
        perBlock: Int = 1_000,
        authors: Int = 100,
        meetings: Int = 10,
        joins: Bool = false,
        seed: UInt64 = 1
    ) throws(MeasureFailure) {
        let limit = Int(network.parameters.maximumEntries)
        guard (1...limit).contains(perBlock) else {
            throw .option("a block takes 1 to \(limit) entries, not \(perBlock)")
        }
        guard (1...1_000_000).contains(authors) else {
            throw .option("1 to 1,000,000 authors can write, not \(authors)")
        }
        guard meetings >= 1, meetings <= authors, meetings < entries else {
            throw .option("there must be fewer meetings than entries, and not more than authors")
        }
        guard entries <= 100_000_000 else { throw .option("100,000,000 entries are the most") }
        self.network = network
        self.entries = entries
        self.perBlock = perBlock
        self.authors = authors
        self.meetings = meetings
        self.joins = joins
        self.seed = seed
    }

    /// Milliseconds between two blocks, so that the last one does not lie in the future.
    ///
    /// - Parameter now: The present moment.
    /// - Returns: The time from one block to the next.
    /// - Throws: How old the network must be, where it is too young.
    func spacing(at now: Timestamp) throws(MeasureFailure) -> UInt64 {
        let parameters = network.parameters
        let smallest = Int(parameters.maximumBodyBytes) / 512
        let blocks = UInt64((entries + meetings) / min(perBlock, max(1, smallest)) + 2)
        let age = now.since(network.genesis.time)
        let spacing = min(UInt64(parameters.blockInterval), age / blocks)
        guard spacing >= UInt64(parameters.minimumSpacing) else {
            let needed = blocks * UInt64(parameters.minimumSpacing) / 1_000 + 1
            throw .option(
                "the network is \(age / 1_000) s old, and \(blocks) blocks take \(needed) s"
            )
        }
        return spacing
    }
}
