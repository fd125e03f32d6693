import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A way over to a heavier branch") struct WayOverTests {
    private let chain = DownloadBench.chain(6)

    /// A node on the chain that has begun to go over to an equally long branch and one block more.
    private func begun() throws -> (bench: TestBench, goal: ValidHeader) {
        var bench = try DownloadBench(chain, peers: 1).bench
        for block in chain.blocks.dropFirst() {
            bench.receive(.block(hash: block.hash, body: block.body.encoded), from: 1)
        }
        #expect(bench.node.status.tip == chain.tip.header)
        var fork = chain.cut(at: Height(2))
        fork.grow(by: 6, delay: 1_500)
        bench.holdsResume = true
        bench.receive(fork.message(above: Height(2)), from: 1)
        while bench.node.status.tip.header.height > Height(4) { bench.step(.resume) }
        return (bench, fork.tip.header)
    }

    @Test("is gone to its end after a sleep of the machine, and nothing is judged on it before")
    func slept() throws {
        var (bench, goal) = try begun()
        var author = TestAuthor("author", on: chain.network)
        bench.now = bench.now.adding(milliseconds: 3_600_000)
        let entry = author.open()
        #expect(try bench.node.template(at: bench.now) == nil)
        #expect(try bench.submit(entry) == .failure(.busy))
        for _ in 0..<20 where bench.node.status.tip != goal { bench.step(.resume) }
        #expect(bench.node.status.tip == goal)
        bench.step(.resume)
        #expect(try bench.submit(entry) == .success(entry.id))
    }

    @Test("is gone on with after a crash, and nothing is judged on it before")
    func crashed() throws {
        // Of the other branch there were headers only, so the way leads back to where it began.
        var (bench, _) = try begun()
        let goal = chain.tip.header
        var author = TestAuthor("author", on: chain.network)
        let entry = author.open()
        try bench.restart()
        var refusals = 0
        for _ in 0..<20 where bench.node.status.tip != goal {
            #expect(try bench.submit(entry) == .failure(.busy))
            #expect(try bench.node.template(at: bench.now) == nil)
            refusals += 1
            bench.step(.resume)
        }
        #expect(refusals > 0)
        #expect(bench.node.status.tip == goal)
        bench.step(.resume)
        #expect(try bench.submit(entry) == .success(entry.id))
    }
}
