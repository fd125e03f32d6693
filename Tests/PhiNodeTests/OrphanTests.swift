import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("Entries that wait for others") struct OrphanTests {
    /// Entries of one author that need an opening that nobody has.
    private func chain(_ name: String, _ count: Int, text: String = "") -> [Entry] {
        var host = TestAuthor("host of \(name)", on: TestBench.network)
        var author = TestAuthor(name, on: TestBench.network)
        let open = host.open()
        return (0..<count).map { author.message("\($0)\(text)", in: open.id) }
    }

    private func opening(of name: String) -> Entry {
        var host = TestAuthor("host of \(name)", on: TestBench.network)
        return host.open()
    }

    private func deliver(_ entries: [Entry], from peer: PeerHandle, to bench: inout TestBench) {
        bench.receive(.inventory(entries.map(\.leaf)), from: peer)
        for entry in entries { bench.receive(.entries([entry]), from: peer) }
    }

    @Test("find their places whatever the order in which they come", arguments: 0..<6)
    func order(seed: UInt64) throws {
        var policy = TestSwarm.policy
        policy.poolEntriesPerAuthor = 100
        var bench = try TestBench(policy: policy)
        var random = SeededRandom(seed: seed)
        var entries = chain("a", 40) + [opening(of: "a")] + chain("b", 20) + [opening(of: "b")]
        for place in entries.indices.dropFirst() {
            entries.swapAt(place, Int(random.next() % UInt64(place + 1)))
        }
        for peer in [1, 2] as [PeerHandle] { bench.greet(peer) }
        for (index, entry) in entries.enumerated() {
            deliver([entry], from: index % 2 == 0 ? 1 : 2, to: &bench)
        }
        #expect(bench.node.status.pooledEntries == 62)
        #expect(bench.node.status.memory.bytes(of: .orphans) == 0)
    }

    @Test("cannot be kept out by one peer that fills the room")
    func fairness() throws {
        var policy = TestSwarm.policy
        policy.orphanBytes = 10_000
        policy.orphansPerPeer = 1_000
        var bench = try TestBench(policy: policy)
        for peer in [1, 2] as [PeerHandle] { bench.greet(peer) }
        deliver(chain("flood", 100), from: 1, to: &bench)
        let full = bench.node.status.memory.bytes(of: .orphans)
        deliver(chain("honest", 5), from: 2, to: &bench)
        #expect(bench.node.status.memory.bytes(of: .orphans) <= full)
        deliver([opening(of: "honest")], from: 2, to: &bench)
        #expect(bench.node.status.pooledEntries == 6)
        deliver(chain("flood", 100), from: 1, to: &bench)
        deliver([opening(of: "flood")], from: 1, to: &bench)
        #expect(bench.node.status.pooledEntries > 30)
    }

    @Test("stay within their bytes and number", arguments: [9, 10, 11])
    func bounds(count: Int) throws {
        var policy = TestSwarm.policy
        policy.orphansPerPeer = 10
        var bench = try TestBench(policy: policy)
        bench.greet(1)
        let entries = chain("a", count)
        deliver(entries, from: 1, to: &bench)
        deliver([opening(of: "a")], from: 1, to: &bench)
        #expect(bench.node.status.pooledEntries == min(count, 10) + 1)
        let size = entries[0].bytes.count
        policy.orphanBytes = size * 10 + (count - 10)
        var tight = try TestBench(policy: policy)
        tight.greet(1)
        deliver(chain("a", 10), from: 1, to: &tight)
        deliver([opening(of: "a")], from: 1, to: &tight)
        #expect(tight.node.status.pooledEntries == (count < 10 ? 10 : 11))
    }

    @Test("with one place are kept once, whoever contradicts himself")
    func equivocation() throws {
        var bench = try TestBench()
        for peer in [1, 2] as [PeerHandle] { bench.greet(peer) }
        let (one, other) = (chain("a", 3), chain("a", 3, text: "!"))
        deliver(one, from: 1, to: &bench)
        deliver(other, from: 2, to: &bench)
        deliver([opening(of: "a")], from: 2, to: &bench)
        #expect(bench.node.status.pooledEntries == 4)
        for entry in one {
            #expect(bench.node.pooled(.entry(entry.id)).count == 1)
        }
    }

    @Test("cost one try each when a long chain comes backwards")
    func backwards() throws {
        var policy = TestSwarm.policy
        policy.poolEntriesPerAuthor = 2_000
        policy.orphansPerPeer = 2_000
        var bench = try TestBench(policy: policy)
        bench.greet(1)
        let entries = chain("a", 400)
        deliver(entries.reversed(), from: 1, to: &bench)
        #expect(bench.node.status.pooledEntries == 0)
        deliver([opening(of: "a")], from: 1, to: &bench)
        #expect(bench.node.status.pooledEntries == 401)
    }
}
