import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings

/// A block of a generated chain.
struct GeneratedBlock: Sendable {
    let header: ValidHeader
    let entries: [Entry]
}

/// Makes a valid chain of really signed and stamped entries, some blocks at a time.
struct ChainGenerator: Sendable {
    /// Blocks whose entries are signed together, all with the block before as their anchor.
    private static let blocksPerRun = 16
    /// Numbers of hosts begin above those of authors.
    private static let firstHost = 1 << 24

    /// What the chain is to be like.
    let plan: ChainPlan
    /// The last block.
    private(set) var tip: ValidHeader
    /// The meetings, once they are open.
    private(set) var meetings: [Digest] = []
    private let rules: HeaderRules
    private let spacing: UInt64
    private var history = MerkleFrontier()
    private var authors: [Author]
    private var madeEntries = 0
    private var madeMessages = 0

    /// An entry that has its place in a run of blocks.
    private struct Placed: Sendable {
        let position: Int
        let entry: Entry
        let leaf: Digest
    }

    init(_ plan: ChainPlan, now: Timestamp) throws(MeasureFailure) {
        self.plan = plan
        rules = HeaderRules(plan.network)
        spacing = try plan.spacing(at: now)
        tip = ValidHeader(genesisOf: plan.network)
        history.append(leaf: plan.network.genesis.historyLeaf)
        authors = (0..<plan.authors).map { Author(index: $0, seed: plan.seed) }
    }

    /// The next blocks in their order; none when all entries are made.
    mutating func next() async throws -> [GeneratedBlock] {
        let left = plan.entries - madeEntries
        guard left > 0 else { return [] }
        let placed: [Placed]
        if meetings.isEmpty {
            placed = try openMeetings()
            meetings = placed.map(\.entry.id)
        } else {
            let count = min(left, plan.perBlock * Self.blocksPerRun)
            placed = try await writeMessages(count)
            madeMessages += count
        }
        madeEntries += placed.count
        var blocks: [GeneratedBlock] = []
        var rest = placed[...]
        while !rest.isEmpty { blocks.append(try block(of: &rest)) }
        return blocks
    }

    private var builder: EntryBuilder {
        EntryBuilder(
            network: plan.network,
            anchorHeight: tip.header.height,
            anchorHash: tip.hash,
            time: tip.header.time
        )
    }

    private func openMeetings() throws -> [Placed] {
        let builder = builder
        return try (0..<plan.meetings).map { index in
            var host = Author(index: Self.firstHost + index, seed: plan.seed)
            let key = try host.key()
            let entry = try host.open(title: "Meeting \(index + 1)", with: builder, key: key)
            return Placed(position: index, entry: entry, leaf: entry.leaf)
        }
    }

    /// Lets the authors write in turns; each core signs for authors of its own.
    private mutating func writeMessages(_ count: Int) async throws -> [Placed] {
        let cores = Machine.coreCount
        let builder = builder
        let authors = authors
        let meetings = meetings
        let seed = plan.seed
        let joins = plan.joins
        let messages = madeMessages..<madeMessages + count
        let parts = try await Cores.run(cores) { core in
            var placed: [Placed] = []
            var changed: [Author] = []
            for var author in authors where author.index % cores == core {
                let key = try author.key()
                let meeting = meetings[author.index % meetings.count]
                let behind = (author.index - messages.lowerBound) % authors.count
                let first = messages.lowerBound + (behind + authors.count) % authors.count
                for message in stride(from: first, to: messages.upperBound, by: authors.count) {
                    let entry: Entry
                    if joins, author.head.sequence == 0 {
                        entry = try author.join(meeting, with: builder, key: key)
                    } else {
                        let number = UInt64(message) &* 0x2545_f491_4f6c_dd1d
                        var chatter = Chatter(seed: seed &+ number)
                        let line = chatter.line()
                        entry = try author.message(line, to: meeting, with: builder, key: key)
                    }
                    let position = message - messages.lowerBound
                    placed.append(Placed(position: position, entry: entry, leaf: entry.leaf))
                }
                changed.append(author)
            }
            return (placed, changed)
        }
        for author in parts.flatMap(\.1) { self.authors[author.index] = author }
        return parts.flatMap(\.0).sorted { $0.position < $1.position }
    }

    /// Puts the first entries into a block, as many as go in.
    private mutating func block(of rest: inout ArraySlice<Placed>) throws -> GeneratedBlock {
        var bytes = 0
        var count = 0
        for placed in rest.prefix(plan.perBlock) {
            let size = placed.entry.bytes.count
            guard bytes + size <= Int(plan.network.parameters.maximumBodyBytes) else { break }
            bytes += size
            count += 1
        }
        let chosen = rest.prefix(count)
        rest = rest.dropFirst(count)
        var header = try rules.draft(
            after: tip,
            time: tip.header.time.adding(milliseconds: spacing),
            entryCount: UInt32(count),
            bodyBytes: UInt32(bytes),
            entriesRoot: MerkleTree.root(ofLeaves: chosen.map(\.leaf)),
            historyRoot: history.root
        )
        let target = try rules.target(of: header.bits)
        guard let nonce = header.firstNonce(meeting: target, in: 0..<1 << 44) else {
            throw MeasureFailure.generated("no nonce was found for a block")
        }
        header.nonce = nonce
        tip = try rules.judge(header, after: tip, historyRoot: history.root)
        history.append(leaf: header.historyLeaf)
        return GeneratedBlock(header: tip, entries: chosen.map(\.entry))
    }
}
