import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

/// A chain as this program has it: heard from the node, mined here, or both.
///
/// It is a value: a copy is a fork.
struct Branch: Sendable {
    let rules: HeaderRules
    /// The headers from the genesis block on; the index is the height.
    private(set) var headers: [ValidHeader]
    /// Bodies of blocks that were made here.
    private(set) var bodies: [Digest: [UInt8]] = [:]
    private var history = MerkleFrontier()

    /// The chain of the genesis block alone.
    init(on network: Network) {
        rules = HeaderRules(network)
        headers = [ValidHeader(genesisOf: network)]
        history.append(leaf: network.genesis.historyLeaf)
    }

    var network: Network { rules.network }
    var tip: ValidHeader { headers[headers.count - 1] }
    var height: Int { headers.count - 1 }

    /// What an honest peer says of the tip.
    var claim: TipClaim {
        TipClaim(hash: tip.hash, height: tip.header.height, work: tip.header.chainWork)
    }

    /// The chain up to a height, to grow another way from there.
    func cut(at height: Int) -> Branch {
        var branch = self
        branch.headers = Array(headers.prefix(max(0, height) + 1))
        branch.history = MerkleFrontier()
        for valid in branch.headers { branch.history.append(leaf: valid.header.historyLeaf) }
        return branch
    }

    /// Follows headers of the node.
    ///
    /// - Returns: Whether they led further.
    mutating func follow(_ batch: HeaderBatch) throws -> Bool {
        guard let place = headers.lastIndex(where: { $0.hash == batch.parent }),
            !batch.items.isEmpty
        else { return false }
        if place < height { self = cut(at: place) }
        for item in batch.items {
            let header = try rules.expand(item, after: tip, historyRoot: history.root)
            push(header)
        }
        return true
    }

    private mutating func push(_ valid: ValidHeader) {
        headers.append(valid)
        history.append(leaf: valid.header.historyLeaf)
    }

    /// The next header without its proof of work.
    ///
    /// - Parameters:
    ///   - body: What the header says of its body, or nil for an empty one.
    ///   - time: When; the present, or the earliest time that is possible, unless given.
    /// - Returns: The header.
    /// - Throws: Which rule forbids it.
    func draft(_ body: BodyClaim? = nil, time: Timestamp? = nil) throws -> Header {
        let body = body ?? BodyClaim(entryCount: 0, byteCount: 0, root: MerkleTree.emptyRoot)
        return try rules.draft(
            after: tip,
            time: time ?? max(rules.earliestTime(after: tip.header), .now),
            entryCount: body.entryCount,
            bodyBytes: body.byteCount,
            entriesRoot: body.root,
            historyRoot: history.root
        )
    }

    /// The nonce that proves a header's work.
    func nonce(for header: Header, from start: UInt64 = 0) throws -> UInt64 {
        let found = HashSearch.firstNonce(
            prefix: header.searchPrefix,
            tail: header.searchTail,
            target: try rules.target(of: header.bits).digest,
            in: start..<start + (1 << 40)
        )
        guard let found else { throw BranchFailure.noNonce }
        return found
    }

    /// Mines a block on the tip.
    ///
    /// - Parameters:
    ///   - claim: What the header says of its body, or nil for an empty one.
    ///   - body: What is served as the body.
    ///   - time: When; the present unless given.
    ///   - start: The first nonce to try, which makes another block of the same work.
    /// - Throws: Which rule forbids the block.
    mutating func append(
        _ claim: BodyClaim? = nil,
        body: [UInt8]? = nil,
        time: Timestamp? = nil,
        nonceFrom start: UInt64 = 0
    ) throws {
        var header = try draft(claim, time: time)
        header.nonce = try nonce(for: header, from: start)
        let valid = try rules.judge(header, after: tip, historyRoot: history.root)
        if let body { bodies[valid.hash] = body }
        push(valid)
    }

    /// Mines a block of entries that nobody judged.
    mutating func append(_ entries: [Entry]) throws {
        let body = BlockBody(entries)
        try append(BodyClaim(body), body: body.encoded)
    }
}

/// What a header says of its body.
struct BodyClaim: Sendable {
    var entryCount: UInt32
    var byteCount: UInt32
    var root: Digest

    init(entryCount: UInt32, byteCount: UInt32, root: Digest) {
        self.entryCount = entryCount
        self.byteCount = byteCount
        self.root = root
    }

    /// The truth.
    init(_ body: BlockBody) {
        entryCount = UInt32(body.entries.count)
        byteCount = UInt32(body.byteCount)
        root = body.root
    }
}

/// Why a chain cannot be made.
enum BranchFailure: Error {
    /// No nonce shows the work.
    case noNonce
    /// A header has no compact form.
    case notCompact
}
