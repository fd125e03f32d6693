import PhiConsensus
import PhiLedger
import PhiWire

/// Headers of one batch, judged one after another, and kept nowhere yet.
struct HeaderRun: Sendable {
    /// The headers, up to the first that is too new.
    private(set) var headers: [ValidHeader] = []
    /// The history tree over all headers up to the last one.
    private(set) var frontier: MerkleFrontier
    /// The first header that lies too far ahead of the clock.
    private(set) var tooNew: Header?

    /// Judges headers that follow a known one.
    ///
    /// - Parameters:
    ///   - items: The headers.
    ///   - parent: The header before the first.
    ///   - frontier: The history tree over all headers up to the parent.
    ///   - rules: What the network demands.
    ///   - now: The local clock.
    /// - Throws: The first rule that a header breaks.
    init(
        expanding items: some Collection<CompactHeader>,
        after parent: ValidHeader,
        frontier: MerkleFrontier,
        rules: HeaderRules,
        now: Timestamp
    ) throws(HeaderViolation) {
        self.frontier = frontier
        headers.reserveCapacity(items.count)
        var parent = parent
        for item in items {
            parent = try rules.expand(item, after: parent, historyRoot: self.frontier.root)
            guard !rules.isTooNew(parent.header, now: now) else {
                tooNew = parent.header
                return
            }
            self.frontier.append(leaf: parent.header.historyLeaf)
            headers.append(parent)
        }
    }
}
