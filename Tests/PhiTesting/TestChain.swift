public import PhiConsensus
public import PhiCrypto
public import PhiLedger

/// A block of a test chain, with what its children need.
public struct TestBlock: Hashable, Sendable {
    /// The header, judged by the rules that it was made by.
    public let header: ValidHeader
    /// The entries, which nobody judged.
    public let body: BlockBody
    /// The tree over all headers up to this one.
    public let history: MerkleFrontier

    /// The place in the chain.
    public var height: Height { header.header.height }

    /// The block's name.
    public var hash: Digest { header.hash }

    /// Header and body as one value.
    public var block: Block { Block(header: header.header, body: body) }
}

/// A chain in memory, whose blocks are mined as they are added.
///
/// It is a value: a copy is a fork. Equal entries at equal times make equal blocks, so a fork
/// needs another delay or other entries. Bodies are not judged, so wrong ones can be made.
public struct TestChain: Sendable {
    /// The network.
    public let network: Network
    /// What the network demands of headers.
    public let rules: HeaderRules
    /// The blocks from the genesis block on; the index is the height.
    public private(set) var blocks: [TestBlock]

    /// A chain of the genesis block alone.
    public init(on network: Network) {
        self.network = network
        rules = HeaderRules(network)
        var history = MerkleFrontier()
        history.append(leaf: network.genesis.historyLeaf)
        let genesis = TestBlock(
            header: ValidHeader(genesisOf: network),
            body: BlockBody([]),
            history: history
        )
        blocks = [genesis]
    }

    /// The last block.
    public var tip: TestBlock { blocks[blocks.count - 1] }

    /// The headers from the genesis header on.
    public var headers: [Header] { blocks.map(\.header.header) }

    /// The blocks above a height.
    public func blocks(above height: Height) -> ArraySlice<TestBlock> {
        blocks.dropFirst(Int(height.rawValue) + 1)
    }

    /// The chain up to a height, to grow another way from there.
    public func cut(at height: Height) -> TestChain {
        var chain = self
        chain.blocks = Array(blocks.prefix(Int(height.rawValue) + 1))
        return chain
    }

    /// Mines a block on the tip.
    ///
    /// - Parameters:
    ///   - entries: The body.
    ///   - delay: Milliseconds after the tip; nil is the network's interval.
    /// - Returns: The new tip.
    @discardableResult
    public mutating func append(_ entries: [Entry] = [], delay: UInt64? = nil) -> TestBlock {
        let block = child(of: tip, entries: entries, delay: delay)
        blocks.append(block)
        return block
    }

    /// Mines so many empty blocks on the tip.
    public mutating func grow(by count: Int, delay: UInt64? = nil) {
        for _ in 0..<count { append(delay: delay) }
    }

    /// Mines a block on any block, and leaves the chain as it is.
    public func child(
        of parent: TestBlock,
        entries: [Entry] = [],
        delay: UInt64? = nil
    ) -> TestBlock {
        let body = BlockBody(entries)
        let milliseconds = delay ?? UInt64(network.parameters.blockInterval)
        do {
            let draft = try rules.draft(
                after: parent.header,
                time: parent.header.header.time.adding(milliseconds: milliseconds),
                entryCount: UInt32(entries.count),
                bodyBytes: UInt32(body.byteCount),
                entriesRoot: body.root,
                historyRoot: parent.history.root
            )
            let header = TestNetwork.mined(draft, target: try rules.target(of: draft.bits))
            var history = parent.history
            history.append(leaf: header.historyLeaf)
            return TestBlock(
                header: try rules.judge(
                    header,
                    after: parent.header,
                    historyRoot: parent.history.root
                ),
                body: body,
                history: history
            )
        } catch { preconditionFailure("a block of a test chain follows its parent: \(error)") }
    }
}
