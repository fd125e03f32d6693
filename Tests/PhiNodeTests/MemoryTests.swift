import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A node's memory") struct MemoryTests {
    private func digest(_ peer: PeerHandle, _ number: Int) -> Digest {
        SHA256.hash(Array("\(peer) \(number)".utf8))
    }

    /// Announces more than a peer may, in several messages.
    private func announce(_ count: Int, from peer: PeerHandle, to bench: inout TestBench) {
        for start in stride(from: 0, to: count, by: 1_000) {
            let end = min(start + 1_000, count)
            bench.receive(.inventory((start..<end).map { digest(peer, $0) }), from: peer)
        }
    }

    @Test("that peers can take stays below the ceiling by the sum of its limits")
    func ceiling() throws {
        let bench = try TestBench(policy: NodePolicy())
        let links = 52
        let (sending, receiving) = (2 << 20, 19 << 16)
        let limit = bench.node.status.memory.limit + links * (sending + receiving)
        #expect(limit <= 450 << 20)
    }

    @Test("keeps within its limits while fifty peers announce what does not exist")
    func announcements() throws {
        var bench = try TestBench(policy: NodePolicy())
        let peers = Array(1...48) as [PeerHandle]
        for peer in peers { bench.greet(peer, isInbound: peer > 8) }
        for peer in peers {
            announce(6_000, from: peer, to: &bench)
            #expect(bench.node.status.memory.excess.isEmpty)
        }
        let memory = bench.node.status.memory
        #expect(memory.bytes(of: .wanted) > memory.limit(of: .wanted) / 2)
        #expect(memory.bytes(of: .known) > memory.limit(of: .known) / 4)
        #expect(memory.bytes < 450 << 20)
    }

    /// A hundredth of everything, so that a test can fill it.
    private static var small: NodePolicy {
        var policy = TestSwarm.policy
        policy.poolBytes = 64 << 10
        policy.poolEntries = 120
        policy.poolEntriesPerAuthor = 1_000
        policy.orphanBytes = 10 << 10
        policy.wantedEntries = 300
        policy.announcementsPerPeer = 50
        policy.knownPerPeer = 56
        policy.rememberedLeaves = 100
        policy.entriesInJudgement = 40
        policy.bytesInJudgement = 16 << 10
        policy.blockBytes = 4_096
        return policy
    }

    @Test("keeps within its limits when everything is full at once")
    func everything() throws {
        var bench = try TestBench(policy: Self.small)
        bench.judgesAtOnce = false
        let chain = MisbehaviorTests.chain()
        var hosts = (0..<48).map { TestAuthor("host \($0)", on: bench.network) }
        for peer in 1...48 as ClosedRange<PeerHandle> {
            bench.greet(peer, isInbound: peer > 8, tip: chain.tip)
            bench.receive(chain.message(), from: peer)
            let index = Int(peer) - 1
            let open = hosts[index].open()
            var entries = (0..<12).map { hosts[index].message("\($0)", in: open.id) }
            if index % 2 == 0 { entries.append(open) }
            bench.receive(.inventory(entries.map(\.leaf)), from: peer)
            bench.receive(.entries(entries), from: peer)
            announce(200, from: peer, to: &bench)
            bench.receive(.block(hash: digest(peer, 0), body: [1, 2, 3]), from: peer)
            #expect(bench.node.status.memory.excess.isEmpty)
            if index % 3 == 2 { bench.answerQuestions() }
            #expect(bench.node.status.memory.excess.isEmpty)
        }
        bench.answerQuestions()
        let memory = bench.node.status.memory
        #expect(memory.excess.isEmpty)
        for part in [.pool, .orphans, .wanted, .known] as [MemoryUse.Part] {
            #expect(memory.bytes(of: part) > memory.limit(of: part) / 32, "\(part)")
        }
    }

    @Test("of wanted entries is shared out: nobody keeps the others from announcing")
    func shares() throws {
        var policy = TestSwarm.policy
        policy.wantedEntries = 1_000
        policy.inboundPeers = 20
        policy.outboundPeers = 5
        policy.entriesPerPeer = 1
        var bench = try TestBench(policy: policy)
        for peer in 1...3 as ClosedRange<PeerHandle> { bench.greet(peer) }
        announce(1_000, from: 1, to: &bench)
        let half = bench.node.status.memory.bytes(of: .wanted)
        announce(1_000, from: 2, to: &bench)
        #expect(bench.node.status.memory.bytes(of: .wanted) > half)
        bench.receive(.inventory([digest(3, 0)]), from: 3)
        #expect(bench.take(.getEntries, to: 3) == [.getEntries([digest(3, 0)])])
        #expect(bench.node.status.memory.excess.isEmpty)
    }

    @Test("of entries that are judged is bounded in bytes", arguments: [-1, 0, 1])
    func judgements(extra: Int) throws {
        var author = TestAuthor("author", on: TestBench.network)
        let open = author.open()
        let entries = (0..<3).map { author.message("\($0)", in: open.id) }
        let size = entries.reduce(0) { $0 + $1.bytes.count }
        var policy = TestSwarm.policy
        policy.bytesInJudgement = size + extra
        var bench = try TestBench(policy: policy)
        bench.judgesAtOnce = false
        bench.greet(1)
        bench.receive(.inventory(entries.map(\.leaf)), from: 1)
        bench.receive(.entries(entries), from: 1)
        #expect(bench.questions.first?.entries.count == (extra < 0 ? 2 : 3))
        let memory = bench.node.status.memory
        #expect(memory.bytes(of: .judgements) > 0 && memory.excess.isEmpty)
        bench.answerQuestions()
        #expect(bench.node.status.memory.bytes(of: .judgements) == 0)
    }
}
