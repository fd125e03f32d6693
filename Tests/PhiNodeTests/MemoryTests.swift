import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A node's memory") struct MemoryTests {
    private static let ceiling = 450 << 20

    private func digest(_ peer: PeerHandle, _ number: Int) -> Digest {
        SHA256.hash(Array("\(peer) \(number)".utf8))
    }

    @Test("keeps below the ceiling with fifty peers that each do their worst")
    func worst() throws {
        var bench = try TestBench(policy: NodePolicy())
        bench.judgesAtOnce = false
        let peers = Array(1...48) as [PeerHandle]
        for peer in peers { bench.greet(peer, isInbound: peer > 8) }
        for round in 0..<7 {
            for peer in peers {
                bench.receive(
                    .inventory((0..<1_000).map { digest(peer, round * 1_000 + $0) }),
                    from: peer
                )
            }
        }
        let memory = bench.node.status.memory
        #expect(memory.bytes(of: .wanted) > memory.limit(of: .wanted) / 2)
        #expect(memory.bytes(of: .known) > memory.limit(of: .known) / 4)
        #expect(memory.excess.isEmpty)
        #expect(memory.bytes < Self.ceiling)
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
        bench.receive(.inventory((0..<1_000).map { digest(1, $0) }), from: 1)
        let half = bench.node.status.memory.bytes(of: .wanted)
        bench.receive(.inventory((0..<1_000).map { digest(2, $0) }), from: 2)
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
