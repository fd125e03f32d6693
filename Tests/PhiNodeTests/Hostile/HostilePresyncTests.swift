import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

/// Behaviors 25 and 30: chains whose work is too little, and chains that change.
@Suite("A node whose peers show long chains") struct HostilePresyncTests {
    static let hostile: PeerHandle = 7
    static let chainLength = 4_200

    /// A long honest chain with entries in its first blocks alone, and the work that it must have.
    static func victim() throws -> Victim {
        var chain = Victim.chain(of: 3)
        chain.grow(by: chainLength - 3)
        var policy = TestSwarm.policy
        policy.minimumChainWork = chain.blocks[chainLength - 1].header.header.chainWork
        var victim = try Victim(blocks: 1, policy: policy)
        victim.honest = HonestPeer(Victim.honestHandle, chain: chain)
        return victim
    }

    /// Has the hostile peer answer all requests for headers with those of a chain.
    static func answer(_ victim: inout Victim, with chain: TestChain) {
        let liar = HonestPeer(hostile, chain: chain)
        while case .getHeaders(let locator)? = victim.bench.take(.getHeaders, to: hostile).first {
            for answer in liar.answer(.getHeaders(locator)) {
                victim.bench.receive(answer, from: hostile)
            }
        }
    }

    @Test("25 keeps nothing of a long chain with too little work")
    func lowWork() throws {
        var victim = try Self.victim()
        var low = TestChain(on: TestBench.network)
        low.grow(by: Self.chainLength - 100, delay: 700)
        let stored = victim.bench.store.pairs.count
        victim.meet(Self.hostile, tip: victim.honest.chain.tip)
        Self.answer(&victim, with: low)
        #expect(victim.bench.node.status.bestHeaderHeight == .genesis)
        #expect(victim.bench.store.pairs.count == stored)
        #expect(victim.bench.node.status.memory.bytes(of: .headers) < 100_000)
        victim.meetHonestPeer()
        #expect(victim.recovers() != nil)
    }

    @Test("25 names a chain whose peer leaves before it showed enough work")
    func leavesEarly() throws {
        var victim = try Self.victim()
        var low = TestChain(on: TestBench.network)
        low.grow(by: Self.chainLength - 100, delay: 700)
        victim.meet(Self.hostile, tip: victim.honest.chain.tip)
        let locator = victim.bench.take(.getHeaders, to: Self.hostile).first
        for answer in HonestPeer(Self.hostile, chain: low).answer(try #require(locator)) {
            victim.bench.receive(answer, from: Self.hostile)
        }
        #expect(!victim.bench.reports.contains(.incident(.lowWorkChain)))
        victim.bench.step(.disconnected(Self.hostile))
        #expect(victim.bench.reports.contains(.incident(.lowWorkChain)))
    }

    @Test("30 does not follow a peer that shows one chain and then another")
    func switchedChain() throws {
        var victim = try Self.victim()
        var other = TestChain(on: TestBench.network)
        other.grow(by: Self.chainLength + 10, delay: 700)
        let honest = HonestPeer(Self.hostile, chain: victim.honest.chain)
        let liar = HonestPeer(Self.hostile, chain: other)
        victim.meet(Self.hostile, tip: victim.honest.chain.tip)
        var count = 0
        while count < 20, victim.bench.ended[Self.hostile] == nil,
            case .getHeaders(let locator)? = victim.bench.take(.getHeaders, to: Self.hostile).first
        {
            count += 1
            let voice = count <= 3 ? honest : liar
            for answer in voice.answer(.getHeaders(locator)) {
                victim.bench.receive(answer, from: Self.hostile)
            }
        }
        #expect(count > 3)
        victim.meetHonestPeer()
        #expect(victim.recovers() != nil)
    }
}
