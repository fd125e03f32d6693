public import PhiConsensus
public import PhiCrypto
public import PhiLedger

/// The headers that are known and not connected, and the way from the tip to the best of them.
///
/// Most work wins; among equals the one that was there first.
public struct BlockTree<Store: KeyValueStore>: Sendable {
    /// A header off the connected chain.
    private struct Candidate: Sendable {
        let header: ValidHeader
        let order: Int64
        var isInvalid: Bool
    }

    /// Candidates at most; past it the branch with the least work goes.
    public static var candidateLimit: Int { 80_000 }

    /// Headers off the best chain at most, besides blocks that were taken back here.
    public static var sideLimit: Int { 10_000 }

    /// The header with the most work among those that are not known to be wrong.
    public private(set) var best: ValidHeader
    /// The last height that the connected chain and the best chain share.
    public private(set) var fork: Height
    /// Counts how often the way to the best header was found anew.
    public private(set) var generation: UInt64 = 0
    private var path: [Digest] = []
    private var pathStart = 0
    private var candidates: [Digest: Candidate] = [:]
    private var frontiers: [Digest: MerkleFrontier] = [:]
    private var nextOrder: Int64 = 0
    private var returnedOrder: Int64 = 0
    /// The last header of a branch that stays while it is on its way in.
    private var shelter: Digest?
    /// Headers off the best chain past which it is worth to look for some to evict.
    private var evictionCount = BlockTree.sideLimit
    /// The work that the tip has to reach before another header can become the best.
    public private(set) var heldWork: Work?
    /// Headers in the sheltered branch, as long as it is not the best.
    public private(set) var shelteredCount = 0

    /// A tree that knows nothing beyond the connected chain.
    public init(_ ledger: Ledger<Store>) {
        best = ledger.tip
        fork = ledger.tip.header.height
    }

    /// The hashes from the fork to the best header, in chain order.
    public var plan: ArraySlice<Digest> { path[pathStart...] }

    /// How many headers are known and not connected.
    public var count: Int { candidates.count }

    /// A known header that is not connected and not known to be wrong.
    public func candidate(_ hash: Digest) -> ValidHeader? {
        guard let found = candidates[hash], !found.isInvalid else { return nil }
        return found.header
    }

    /// Whether a header is known to lead into a wrong block.
    public func isInvalid(_ hash: Digest) -> Bool { candidates[hash]?.isInvalid ?? false }

    /// A known header, connected or not.
    public func header(
        _ hash: Digest,
        in ledger: Ledger<Store>
    ) throws(StoreFailure) -> ValidHeader? {
        if hash == ledger.tip.hash { return ledger.tip }
        if let found = candidates[hash] { return found.header }
        guard let height = try ledger.chain.height(of: hash),
            let header = try ledger.chain.header(at: height)
        else { return nil }
        return ValidHeader(stored: header, hash: hash)
    }

    /// The history tree over all headers up to a known one, that one included.
    public func frontier(
        through header: ValidHeader,
        in ledger: Ledger<Store>
    ) throws(StoreFailure) -> MerkleFrontier {
        if header.hash == ledger.tip.hash { return ledger.history }
        if let held = frontiers[header.hash] { return held }
        var branch: [ValidHeader] = []
        var current = header
        while candidates[current.hash] != nil {
            branch.append(current)
            let parent = current.header.previous
            if let held = frontiers[parent] { return held.extended(by: branch) }
            guard let below = try self.header(parent, in: ledger) else {
                throw .malformedRecord(kind: "header")
            }
            current = below
        }
        var frontier = try ledger.chain.historyFrontier(below: current.header.height)
        frontier.append(leaf: current.header.historyLeaf)
        return frontier.extended(by: branch)
    }

    /// Adds a judged header whose parent is known.
    ///
    /// - Parameters:
    ///   - header: The header.
    ///   - frontier: The history tree over all headers up to this one.
    ///   - ledger: The connected chain.
    ///   - isSheltered: Whether its branch stays until `releaseShelter`, best or not.
    /// - Returns: Whether the best header changed.
    /// - Throws: What the store could not read.
    public mutating func insert(
        _ header: ValidHeader,
        frontier: MerkleFrontier,
        in ledger: Ledger<Store>,
        isSheltered: Bool = false
    ) throws(StoreFailure) -> Bool {
        guard candidates[header.hash] == nil else { return false }
        // A branch that is being added may have been evicted meanwhile.
        guard try self.header(header.header.previous, in: ledger) != nil else { return false }
        let isInvalid = candidates[header.header.previous]?.isInvalid ?? false
        candidates[header.hash] = Candidate(
            header: header,
            order: nextOrder,
            isInvalid: isInvalid
        )
        nextOrder += 1
        if isSheltered {
            shelteredCount = header.header.previous == shelter ? shelteredCount + 1 : 1
            shelter = header.hash
        }
        frontiers[header.header.previous] = nil
        frontiers[header.hash] = frontier
        guard !isInvalid, heldWork == nil,
            header.header.chainWork > best.header.chainWork
        else {
            try evict(in: ledger)
            return false
        }
        let extends = header.header.previous == best.hash
        best = header
        if isSheltered { shelteredCount = 0 }
        if extends { path.append(header.hash) } else { try replan(in: ledger) }
        try evict(in: ledger)
        return true
    }

    /// Tells that the tip moved up to the first header of the plan, or to any other child.
    public mutating func connected(
        _ header: ValidHeader,
        in ledger: Ledger<Store>
    ) throws(StoreFailure) {
        candidates[header.hash] = nil
        frontiers[header.hash] = nil
        if plan.first == header.hash, fork.next == header.header.height {
            pathStart += 1
            fork = header.header.height
            if pathStart > 4_096 {
                path.removeFirst(pathStart)
                pathStart = 0
            }
            return
        }
        if header.header.chainWork >= best.header.chainWork { best = header }
        try replan(in: ledger)
    }

    /// Tells that a block was taken back; among equals it stays the one that was there first.
    public mutating func disconnected(
        _ header: ValidHeader,
        in ledger: Ledger<Store>
    ) throws(StoreFailure) {
        returnedOrder -= 1
        candidates[header.hash] = Candidate(
            header: header,
            order: returnedOrder,
            isInvalid: false
        )
        // Above the fork the way to the best header is still the same.
        guard fork >= header.header.height else { return }
        try replan(in: ledger)
    }

    /// Keeps the best header, whatever comes, until the tip has so much work.
    ///
    /// All bodies on the way there must be here.
    public mutating func hold(until work: Work) { heldWork = work }

    /// Lets any header become the best again.
    public mutating func release(in ledger: Ledger<Store>) throws(StoreFailure) {
        heldWork = nil
        try chooseBest(in: ledger)
        if best.hash == shelter { shelteredCount = 0 }
    }

    /// Tells that a block is wrong; nothing that stands on it is followed again.
    ///
    /// - Parameters:
    ///   - hash: The block.
    ///   - ledger: The connected chain.
    ///   - isHere: Whether a header's body is here; a tree that holds its best header chooses
    ///     among those that can be reached.
    /// - Throws: What the store could not read.
    public mutating func invalidate(
        _ hash: Digest,
        in ledger: Ledger<Store>,
        where isHere: (ValidHeader) -> Bool = { _ in true }
    ) throws(StoreFailure) {
        candidates[hash]?.isInvalid = true
        let sorted = candidates.values.sorted { $0.header.header.height < $1.header.header.height }
        for candidate in sorted
        where candidates[candidate.header.header.previous]?.isInvalid == true {
            candidates[candidate.header.hash]?.isInvalid = true
        }
        guard let held = heldWork else { return try chooseBest(in: ledger) }
        var reachable: Set<Digest> = []
        for header in sorted.lazy.map(\.header) {
            let isAside = candidates[header.header.previous] != nil
            guard !isAside || reachable.contains(header.header.previous), isHere(header) else {
                continue
            }
            reachable.insert(header.hash)
        }
        try chooseBest(in: ledger) { reachable.contains($0.hash) }
        heldWork = min(held, best.header.chainWork)
    }

    /// Forgets headers that nobody gives the bodies of, with all that stands on them.
    ///
    /// A peer that has them will tell of them again.
    ///
    /// - Parameters:
    ///   - ledger: The connected chain.
    ///   - isLost: Whether a header's body cannot be had.
    /// - Throws: What the store could not read.
    public mutating func forget(
        in ledger: Ledger<Store>,
        where isLost: (ValidHeader) -> Bool
    ) throws(StoreFailure) {
        let sorted = candidates.values.sorted { $0.header.header.height < $1.header.header.height }
        var gone: Set<Digest> = []
        for header in sorted.lazy.map(\.header)
        where gone.contains(header.header.previous) || isLost(header) {
            gone.insert(header.hash)
            candidates[header.hash] = nil
            frontiers[header.hash] = nil
        }
        heldWork = nil
        try chooseBest(in: ledger)
    }

    /// The headers that are known, not connected, and lead to one of these or are one.
    public func ways(to hashes: [Digest]) -> Set<Digest> {
        var found: Set<Digest> = []
        for hash in hashes {
            var next = hash
            while let candidate = candidates[next], found.insert(next).inserted {
                next = candidate.header.header.previous
            }
        }
        return found
    }

    private mutating func chooseBest(
        in ledger: Ledger<Store>,
        where isFit: (ValidHeader) -> Bool = { _ in true }
    ) throws(StoreFailure) {
        best = ledger.tip
        for candidate in candidates.values.sorted(by: { $0.order < $1.order })
        where !candidate.isInvalid && candidate.header.header.chainWork > best.header.chainWork
            && isFit(candidate.header)
        {
            best = candidate.header
        }
        try replan(in: ledger)
    }

    private mutating func replan(in ledger: Ledger<Store>) throws(StoreFailure) {
        var hashes: [Digest] = []
        var current = best
        while current.hash != ledger.tip.hash, let candidate = candidates[current.hash] {
            hashes.append(candidate.header.hash)
            guard let parent = try header(current.header.previous, in: ledger) else {
                throw .malformedRecord(kind: "header")
            }
            current = parent
        }
        generation += 1
        evictionCount = Self.sideLimit
        fork = current.header.height
        path = hashes.reversed()
        pathStart = 0
    }

    /// Lets the branch of sheltered headers be evicted like any other.
    public mutating func releaseShelter() {
        shelter = nil
        shelteredCount = 0
        evictionCount = Self.sideLimit
    }

    /// Lets the branches with the least work go where there are too many headers.
    private mutating func evict(in ledger: Ledger<Store>) throws(StoreFailure) {
        let beside = candidates.count - plan.count
        guard beside > evictionCount || candidates.count > Self.candidateLimit else { return }
        let kept = keptHashes()
        var side = candidates.values.reduce(0) {
            $0 + ($1.order >= 0 && !kept.contains($1.header.hash) ? 1 : 0)
        }
        if side > Self.sideLimit || candidates.count > Self.candidateLimit {
            let aim = (side: Self.sideLimit / 100 * 99, all: Self.candidateLimit / 100 * 99)
            var children: [Digest: Int] = [:]
            for candidate in candidates.values {
                children[candidate.header.header.previous, default: 0] += 1
            }
            for leaf in leaves(without: kept, children) {
                var hash = leaf.header.hash
                while !kept.contains(hash), children[hash, default: 0] == 0,
                    let candidate = candidates[hash],
                    candidates.count > aim.all || (side > aim.side && candidate.order >= 0)
                {
                    candidates[hash] = nil
                    frontiers[hash] = nil
                    if candidate.order >= 0 { side -= 1 }
                    hash = candidate.header.header.previous
                    children[hash, default: 1] -= 1
                }
            }
        }
        evictionCount = max(Self.sideLimit, candidates.count - plan.count + 100)
    }

    /// The headers on the way to the best one, and those of the sheltered branch.
    private func keptHashes() -> Set<Digest> {
        var kept = Set(plan)
        var next = shelter
        while let hash = next, let candidate = candidates[hash], kept.insert(hash).inserted {
            next = candidate.header.header.previous
        }
        return kept
    }

    /// The ends of the branches that may go, that with the least work first.
    private func leaves(without kept: Set<Digest>, _ children: [Digest: Int]) -> [Candidate] {
        candidates.values
            .filter { !kept.contains($0.header.hash) && children[$0.header.hash] == nil }
            .sorted {
                ($0.header.header.chainWork, $0.order) < ($1.header.header.chainWork, $1.order)
            }
    }
}

extension MerkleFrontier {
    /// The frontier with the headers of a branch appended, given from the newest down.
    fileprivate func extended(by branch: [ValidHeader]) -> MerkleFrontier {
        var frontier = self
        for header in branch.reversed() { frontier.append(leaf: header.header.historyLeaf) }
        return frontier
    }
}
