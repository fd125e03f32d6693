import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

/// What is kept of 2,048 headers that were looked through: what they hash to, and what their
/// children are judged by.
struct HeaderStretch: Hashable, Sendable, BitwiseCopyable {
    /// The binary logarithm of the number of headers.
    static let level = 11
    /// Headers from one multiple of this number up to the next.
    static let headers: UInt32 = 1 << 11

    /// The root over the headers, a perfect subtree of the history tree.
    let root: Digest
    /// The hash of the last header.
    let hash: Digest
    /// The work of the chain up to the last header.
    let work: Work
    /// The time of the last header.
    let time: Timestamp
    /// The forgiven time of the last header.
    let idle: UInt64
}

/// The first pass over a peer's headers, which finds out whether their work is enough.
///
/// Every header is judged by every rule, and then forgotten: 96 bytes stay of 2,048 of them. So a
/// chain that has too little work in the end was never stored.
struct HeaderPresync: Sendable {
    /// The last header that is known here.
    let base: ValidHeader
    /// The history tree over all headers up to the base.
    let baseFrontier: MerkleFrontier
    /// When the pass began.
    let since: Timestamp
    /// A block that the operator allows a deep reorganization to.
    let accepted: Digest?
    /// The last header that was judged.
    private(set) var last: ValidHeader
    /// The stretches that ended after the base; the first may have begun before it.
    private(set) var stretches: [HeaderStretch] = []
    /// Headers that were judged.
    private(set) var count: UInt64 = 0
    /// Whether the accepted block was among them.
    private(set) var hasAccepted = false
    private var frontier: MerkleFrontier

    /// A pass that begins after a known header.
    ///
    /// - Parameters:
    ///   - base: The known header.
    ///   - frontier: The history tree over all headers up to it.
    ///   - accepted: A block that the operator allows a deep reorganization to.
    ///   - now: The local clock.
    init(after base: ValidHeader, frontier: MerkleFrontier, accepted: Digest?, now: Timestamp) {
        self.base = base
        baseFrontier = frontier
        self.frontier = frontier
        self.accepted = accepted
        last = base
        since = now
    }

    /// The work of the chain as far as it was seen.
    var work: Work { last.header.chainWork }

    /// Bytes that the pass holds, whatever their place.
    var heldBytes: Int {
        MemoryLayout<HeaderPresync>.stride
            + stretches.capacity * MemoryLayout<HeaderStretch>.stride
            + (baseFrontier.roots.count + frontier.roots.count) * MemoryLayout<Digest>.size
    }

    /// Judges headers that follow the last one, and forgets them.
    ///
    /// - Returns: The first header that lies too far ahead of the clock; it was not taken.
    /// - Throws: The first rule that a header breaks.
    mutating func extend(
        by items: some Collection<CompactHeader>,
        rules: HeaderRules,
        now: Timestamp
    ) throws(HeaderViolation) -> Header? {
        for item in items {
            let next = try rules.expand(item, after: last, historyRoot: frontier.root)
            guard !rules.isTooNew(next.header, now: now) else { return next.header }
            let completed = frontier.append(leaf: next.header.historyLeaf)
            last = next
            count += 1
            if next.hash == accepted { hasAccepted = true }
            guard completed.count > HeaderStretch.level else { continue }
            stretches.append(
                HeaderStretch(
                    root: completed[HeaderStretch.level].root,
                    hash: next.hash,
                    work: next.header.chainWork,
                    time: next.header.time,
                    idle: next.header.idle
                )
            )
        }
        return nil
    }

    /// The highest block that there can be by now, as each lies a least time after its parent.
    ///
    /// - Returns: The height, or nil while the clock stands before the genesis block.
    static func heightLimit(of network: Network, now: Timestamp) -> UInt64? {
        let genesis = network.genesis.time
        guard now >= genesis else { return nil }
        let latest = now.adding(milliseconds: UInt64(network.parameters.futureLimit))
        return latest.since(genesis) / UInt64(network.parameters.minimumSpacing)
    }
}
