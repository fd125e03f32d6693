import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("The tree of headers") struct BlockTreeTests {
    private static func empty() throws -> (TestChain, Ledger<MemoryStore>, BlockTree<MemoryStore>) {
        let network = TestNetwork.make()
        let store = MemoryStore()
        try StoreFormat.prepare(store, network: network)
        let ledger = try Ledger(opening: store, network: network)
        return (TestChain(on: network), ledger, BlockTree(ledger))
    }

    private static func insert(
        _ block: TestBlock,
        into tree: inout BlockTree<MemoryStore>,
        _ ledger: Ledger<MemoryStore>
    ) throws {
        guard let parent = try tree.header(block.header.header.previous, in: ledger) else {
            return #expect(Bool(false), "the parent is known")
        }
        var frontier = try tree.frontier(through: parent, in: ledger)
        frontier.append(leaf: block.header.header.historyLeaf)
        #expect(frontier == block.history)
        _ = try tree.insert(block.header, frontier: frontier, in: ledger)
    }

    private static func insert(
        _ blocks: ArraySlice<TestBlock>,
        into tree: inout BlockTree<MemoryStore>,
        _ ledger: Ledger<MemoryStore>
    ) throws {
        for block in blocks { try insert(block, into: &tree, ledger) }
    }

    /// A chain of some blocks, all in a tree that knew the genesis block alone.
    private static func grown(
        by count: Int
    ) throws -> (TestChain, Ledger<MemoryStore>, BlockTree<MemoryStore>) {
        var (chain, ledger, tree) = try empty()
        chain.grow(by: count)
        try insert(chain.blocks(above: .genesis), into: &tree, ledger)
        return (chain, ledger, tree)
    }

    /// Branches of a random tree, each block after its parent.
    private static func branches(seed: UInt64) -> [TestBlock] {
        var random = SeededRandom(seed: seed)
        let chain = TestChain(on: TestNetwork.make())
        var blocks = [chain.tip]
        for number in 0..<60 {
            let parent = blocks[max(0, blocks.count - 1 - Int(random.next() % 8))]
            blocks.append(chain.child(of: parent, delay: 1_000 + UInt64(number)))
        }
        return Array(blocks.dropFirst())
    }

    @Test("follows most work, whatever the order of arrival", arguments: 0..<8 as Range<UInt64>)
    func order(seed: UInt64) throws {
        let blocks = Self.branches(seed: seed)
        let most = blocks.map(\.header.header.chainWork).max()
        var random = SeededRandom(seed: seed &+ 100)
        for _ in 0..<5 {
            var (_, ledger, tree) = try Self.empty()
            var known: Set<Digest> = [ledger.tip.hash]
            var waiting = blocks.shuffled(using: &random)
            var first: TestBlock?
            while !waiting.isEmpty {
                guard
                    let index = waiting.firstIndex(where: {
                        known.contains($0.header.header.previous)
                    })
                else { return #expect(Bool(false)) }
                let block = waiting.remove(at: index)
                known.insert(block.hash)
                if first == nil, block.header.header.chainWork == most { first = block }
                try Self.insert(block, into: &tree, ledger)
            }
            #expect(tree.best == first?.header)
            #expect(tree.plan.last == first?.hash)
            #expect(tree.plan.count == Int(first?.height.rawValue ?? 0))
            #expect(tree.fork == .genesis)
        }
    }

    @Test("never follows what stands on a wrong block")
    func invalid() throws {
        var (chain, ledger, tree) = try Self.grown(by: 3)
        var other = chain.cut(at: Height(1))
        other.grow(by: 5, delay: 1_500)
        try Self.insert(other.blocks(above: Height(1)), into: &tree, ledger)
        #expect(tree.best == other.tip.header)
        try tree.invalidate(other.blocks[3].hash, in: ledger)
        #expect(tree.best == chain.tip.header)
        #expect(tree.isInvalid(other.tip.hash))
        #expect(!tree.isInvalid(other.blocks[2].hash))
        let child = other.child(of: other.tip)
        try Self.insert(child, into: &tree, ledger)
        #expect(tree.isInvalid(child.hash))
        #expect(tree.best == chain.tip.header)
    }

    @Test("keeps its best header until the tip is as heavy as it was told")
    func held() throws {
        var (chain, ledger, tree) = try Self.grown(by: 4)
        var short = chain.cut(at: Height(1))
        short.grow(by: 2, delay: 1_500)
        var long = chain.cut(at: Height(1))
        long.grow(by: 5, delay: 2_000)
        try Self.insert(short.blocks(above: Height(1)), into: &tree, ledger)
        tree.hold(until: chain.tip.header.header.chainWork)
        try Self.insert(long.blocks(above: Height(1)), into: &tree, ledger)
        #expect(tree.best == chain.tip.header)
        let plan = tree.plan
        #expect(plan.last == chain.tip.hash)
        try tree.invalidate(chain.blocks[3].hash, in: ledger) {
            !long.blocks(above: Height(1)).map(\.hash).contains($0.hash)
        }
        #expect(tree.best == short.tip.header)
        #expect(tree.heldWork == short.tip.header.header.chainWork)
        try tree.release(in: ledger)
        #expect(tree.best == long.tip.header)
        #expect(tree.heldWork == nil)
    }

    @Test("forgets a branch and takes it back when it is told again")
    func forgets() throws {
        var (chain, ledger, tree) = try Self.grown(by: 6)
        let lost = chain.blocks[3].hash
        try tree.forget(in: ledger) { $0.hash == lost }
        #expect(tree.best == chain.blocks[2].header)
        #expect(tree.count == 2)
        try Self.insert(chain.blocks(above: Height(2)), into: &tree, ledger)
        #expect(tree.best == chain.tip.header)
        #expect(tree.plan.count == 6)
    }

    @Test("names the headers on the ways to some, down to the connected chain")
    func ways() throws {
        var (chain, ledger, tree) = try Self.grown(by: 3)
        let side = chain.child(of: chain.blocks[1], delay: 1_500)
        try Self.insert(side, into: &tree, ledger)
        let hashes = chain.blocks.map(\.hash)
        #expect(tree.ways(to: [side.hash]) == [hashes[1], side.hash])
        #expect(tree.ways(to: [hashes[2], side.hash]) == [hashes[1], hashes[2], side.hash])
        #expect(tree.ways(to: [hashes[0], .zero]).isEmpty)
    }

    @Test("prefers the connected block among equals")
    func tie() throws {
        var (chain, ledger, tree) = try Self.empty()
        let withheld = chain.child(of: chain.tip, delay: 1_500)
        chain.append()
        try Self.insert(withheld, into: &tree, ledger)
        #expect(tree.best == withheld.header)
        let batch = try ledger.connect(chain.tip.header, entries: [])
        try tree.connected(chain.tip.header, in: ledger)
        ledger.store.commit(batch, durable: true)
        #expect(tree.best == chain.tip.header)
        #expect(tree.plan.isEmpty)
        try Self.insert(chain.child(of: withheld), into: &tree, ledger)
        #expect(tree.plan.count == 2)
        #expect(tree.fork == .genesis)
    }

    /// A tree with a chain of two headers, and so many branches of one header beside it.
    private static func withBranches(
        _ count: Int
    ) throws -> (TestChain, Ledger<MemoryStore>, BlockTree<MemoryStore>) {
        var (chain, ledger, tree) = try grown(by: 2)
        for number in 0..<count {
            let side = chain.child(of: chain.blocks[0], delay: 2_000 + UInt64(number))
            try insert(side, into: &tree, ledger)
        }
        return (chain, ledger, tree)
    }

    @Test("keeps ten thousand headers beside the best chain, not one more")
    func sideLimit() throws {
        var (chain, ledger, tree) = try Self.withBranches(10_000)
        #expect(tree.count == 10_002)
        let first = chain.child(of: chain.blocks[0], delay: 2_000)
        let last = chain.child(of: chain.blocks[0], delay: 11_999)
        #expect(tree.candidate(first.hash) != nil)
        let heavier = chain.child(of: last, delay: 100)
        try Self.insert(heavier, into: &tree, ledger)
        #expect(tree.count == 9_902)
        #expect(tree.candidate(first.hash) == nil)
        #expect(tree.candidate(heavier.hash) != nil)
        #expect(tree.plan.count == 2)
        chain.grow(by: 10)
        try Self.insert(chain.blocks(above: Height(2)), into: &tree, ledger)
        #expect(tree.count == 9_912)
    }

    @Test("takes no header whose parent is not there")
    func orphan() throws {
        var (chain, ledger, tree) = try Self.withBranches(0)
        chain.grow(by: 2)
        let count = tree.count
        let orphan = chain.tip
        let isBest = try tree.insert(orphan.header, frontier: orphan.history, in: ledger)
        #expect(!isBest)
        #expect(tree.count == count)
        #expect(tree.candidate(orphan.hash) == nil)
    }

    @Test("evicts no header of a sheltered branch until it is released")
    func shelter() throws {
        var (chain, ledger, tree) = try Self.withBranches(0)
        chain.grow(by: 10_200)
        try Self.insert(chain.blocks(above: Height(2)), into: &tree, ledger)
        var branch = chain.cut(at: .genesis)
        branch.grow(by: 10_100, delay: 1_500)
        var history = branch.blocks[0].history
        for block in branch.blocks(above: .genesis) {
            history.append(leaf: block.header.header.historyLeaf)
            _ = try tree.insert(block.header, frontier: history, in: ledger, isSheltered: true)
        }
        #expect(tree.count == 20_302)
        #expect(tree.shelteredCount == 10_100)
        let side = chain.child(of: chain.blocks[5], delay: 77)
        try Self.insert(side, into: &tree, ledger)
        #expect(tree.count == 20_303)
        tree.releaseShelter()
        try Self.insert(chain.child(of: chain.blocks[6], delay: 78), into: &tree, ledger)
        #expect(tree.count == 20_102)
        #expect(tree.candidate(branch.tip.hash) == nil)
        #expect(tree.plan.count == 10_202)
    }
}
