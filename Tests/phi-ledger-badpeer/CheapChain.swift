import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

/// A chain from the genesis block that goes slowly at first, so that blocks become as easy as the
/// network allows, and keeps them so.
struct CheapChain: Sendable {
    /// Blocks before which the chain is slow.
    private static let slowBlocks: UInt32 = 40

    private let rules: HeaderRules
    private let variant: UInt64
    private var tip: ValidHeader
    private var history = MerkleFrontier()

    /// A chain that differs from that of any other variant.
    init(on network: Network, variant: UInt64) {
        rules = HeaderRules(network)
        self.variant = variant
        tip = ValidHeader(genesisOf: network)
        history.append(leaf: network.genesis.historyLeaf)
    }

    /// What an honest peer says of the tip.
    var claim: TipClaim {
        TipClaim(hash: tip.hash, height: tip.header.height, work: tip.header.chainWork)
    }

    /// The next headers.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: A batch, or nil when the chain has reached the present.
    /// - Throws: Why there is no header.
    mutating func next(_ limit: Int = Int(Limits.headers)) throws -> HeaderBatch? {
        guard let start = tip.header.height.next else { return nil }
        let parent = tip.hash
        var items: [CompactHeader] = []
        while items.count < limit, let item = try grow() { items.append(item) }
        guard !items.isEmpty else { return nil }
        return HeaderBatch(start: start, parent: parent, items: items)
    }

    private mutating func grow() throws -> CompactHeader? {
        let parameters = rules.network.parameters
        let isSlow = tip.header.height.rawValue < Self.slowBlocks
        let gap = isSlow ? parameters.idleCap : parameters.blockInterval
        let time = tip.header.time.adding(milliseconds: UInt64(gap) + variant % 7)
        guard time < .now else { return nil }
        var header = try rules.draft(
            after: tip,
            time: time,
            entryCount: 0,
            bodyBytes: 0,
            entriesRoot: MerkleTree.emptyRoot,
            historyRoot: history.root
        )
        let first = variant << 44
        let nonce = HashSearch.firstNonce(
            prefix: header.searchPrefix,
            tail: header.searchTail,
            target: try rules.target(of: header.bits).digest,
            in: first..<first + (1 << 40)
        )
        guard let nonce else { throw BranchFailure.noNonce }
        header.nonce = nonce
        let compact = try Branch.compact(header, after: tip.header, rules.network)
        tip = try rules.expand(compact, after: tip, historyRoot: history.root)
        history.append(leaf: header.historyLeaf)
        return compact
    }
}
