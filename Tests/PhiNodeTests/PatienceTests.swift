import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A node that waits for peers") struct PatienceTests {
    static func entries(_ count: Int, firstSequence: UInt64 = 0) -> (open: Entry, rest: [Entry]) {
        var host = TestAuthor("host", on: TestBench.network)
        let open = host.open()
        return (open, (0..<count).map { host.message("\($0)", in: open.id) })
    }

    @Test("discourages the sender of an entry with a wrong signature or stamp")
    func invalidEntry() throws {
        let (open, _) = Self.entries(0)
        for (peer, offset) in [(1, 210), (2, 172)] as [(PeerHandle, Int)] {
            var bench = try TestBench()
            bench.greet(peer)
            var bytes = open.bytes
            bytes[offset] ^= 1
            let entry = try Entry(decoding: bytes, payloadLimit: 32_768)
            bench.receive(.inventory([entry.leaf]), from: peer)
            #expect(bench.take(.getEntries, to: peer) == [.getEntries([entry.leaf])])
            bench.receive(.entries([entry]), from: peer)
            #expect(bench.ended[peer] == .misbehavior(.invalidEntry))
            #expect(bench.node.status.pooledEntries == 0)
            bench.greet(7)
            bench.receive(.inventory([entry.leaf]), from: 7)
            #expect(bench.take(.getEntries, to: 7).isEmpty)
        }
    }

    @Test("asks a second peer for an entry that the first never delivers")
    func entryTimeout() throws {
        var bench = try TestBench()
        let (open, _) = Self.entries(0)
        for peer in 1...3 as ClosedRange<PeerHandle> {
            bench.greet(peer)
            bench.receive(.inventory([open.leaf]), from: peer)
        }
        let wish: [Message] = [.getEntries([open.leaf])]
        #expect(bench.take(.getEntries, to: 1) == wish)
        #expect(bench.take(.getEntries, to: 2).isEmpty)
        bench.wait(2_000)
        #expect(bench.take(.getEntries, to: 2) == wish)
        bench.receive(.missingEntries([open.leaf]), from: 2)
        #expect(bench.take(.getEntries, to: 3) == wish)
        bench.step(.disconnected(3))
        bench.wait(5_000)
        #expect(bench.take(.getEntries, to: 1).isEmpty)
        bench.receive(.inventory([open.leaf]), from: 1)
        #expect(bench.take(.getEntries, to: 1) == wish)
        bench.receive(.entries([open]), from: 1)
        #expect(bench.node.status.pooledEntries == 1)
    }

    @Test("asks another peer for a block that the first never delivers")
    func blockTimeout() throws {
        var bench = try TestBench()
        let chain = MisbehaviorTests.chain()
        bench.greet(1, tip: chain.tip)
        bench.receive(chain.message(), from: 1)
        let wish: [Message] = [.getBlocks([chain.blocks[2].hash])]
        #expect(bench.take(.getBlocks, to: 1) == wish)
        bench.wait(19_000)
        #expect(bench.ended[1] == nil)
        bench.wait(1_000)
        #expect(bench.ended[1] == .timeout("block"))
        bench.greet(2, tip: chain.tip)
        bench.receive(chain.message(), from: 2)
        #expect(bench.take(.getBlocks, to: 2) == wish)
        bench.receive(.missingBlocks([chain.blocks[2].hash]), from: 2)
        #expect(bench.ended[2] == nil)
        bench.greet(3, tip: chain.tip)
        bench.receive(chain.message(), from: 3)
        #expect(bench.take(.getBlocks, to: 3) == wish)
    }

    @Test("drops a peer that does not answer a request for headers")
    func headersTimeout() throws {
        var bench = try TestBench()
        let chain = MisbehaviorTests.chain()
        bench.greet(1, tip: chain.tip)
        bench.wait(29_000)
        #expect(bench.ended[1] == nil)
        bench.wait(1_000)
        #expect(bench.ended[1] == .timeout("headers"))
    }

    @Test("believes a tip no longer that its peer does not show")
    func idleClaim() throws {
        var bench = try TestBench()
        let chain = MisbehaviorTests.chain()
        bench.greet(1, tip: chain.tip)
        #expect(bench.node.sync == .syncing)
        let nothing = TestBench.headers([TestBlock](), after: chain.blocks[0])
        bench.receive(nothing, from: 1)
        #expect(bench.node.sync == .synced)
        _ = bench.take(.getHeaders, to: 1)
        bench.wait(10_000)
        #expect(bench.take(.getHeaders, to: 1).isEmpty)
    }

    @Test("takes a header from the future when its time has come")
    func tooNew() throws {
        var bench = try TestBench()
        var chain = TestChain(on: bench.network)
        let limit = UInt64(bench.network.parameters.futureLimit)
        let ahead = bench.now.since(bench.network.genesis.time) + limit + 3_000
        chain.append()
        chain.append(delay: ahead - 1_000)
        bench.greet(1, tip: chain.tip)
        bench.receive(chain.message(), from: 1)
        #expect(bench.node.status.tip == chain.blocks[1].header)
        #expect(bench.ended[1] == nil)
        for _ in 0..<3 {
            #expect(bench.node.status.tip == chain.blocks[1].header)
            _ = bench.take(.getHeaders, to: 1)
            bench.wait(1_000)
            #expect(bench.take(.getHeaders, to: 1).count == 1)
            bench.receive(chain.message(above: Height(1)), from: 1)
        }
        #expect(bench.node.status.tip == chain.tip.header)
    }

    @Test("drops a peer that does not answer a ping")
    func ping() throws {
        var bench = try TestBench()
        bench.greet(1)
        bench.greet(2)
        bench.wait(20_000)
        for message in bench.take(.ping, to: 2) {
            guard case .ping(let ping) = message else { continue }
            bench.receive(.pong(nonce: ping.nonce &+ 1), from: 1)
            bench.receive(.pong(nonce: ping.nonce), from: 2)
        }
        bench.wait(60_000)
        #expect(bench.ended[1] == .timeout("ping"))
        #expect(bench.ended[2] == nil)
        #expect(bench.node.status.peers.first?.pingMilliseconds != nil)
    }

    @Test("keeps orphans up to their limits, and takes them when what they need comes")
    func orphans() throws {
        var policy = TestSwarm.policy
        policy.orphansPerPeer = 10
        policy.poolEntriesPerAuthor = 100
        var bench = try TestBench(policy: policy)
        let (open, rest) = Self.entries(15)
        bench.greet(1)
        bench.receive(.inventory(rest.map(\.leaf)), from: 1)
        bench.receive(.entries(rest), from: 1)
        #expect(bench.node.status.pooledEntries == 0)
        bench.receive(.inventory([open.leaf]), from: 1)
        bench.receive(.entries([open]), from: 1)
        #expect(bench.node.status.pooledEntries == 11)
    }

    @Test("lets orphans go after their time, however often they are tried")
    func orphanPatience() throws {
        var policy = TestSwarm.policy
        policy.orphanPatience = 5_000
        var bench = try TestBench(policy: policy)
        let (open, rest) = Self.entries(3)
        bench.greet(1)
        bench.receive(.inventory(rest.map(\.leaf)), from: 1)
        bench.receive(.entries(rest), from: 1)
        var other = TestAuthor("other", on: bench.network)
        for _ in 0..<6 {
            bench.wait(1_000)
            _ = try bench.submit(other.open())
        }
        _ = try bench.submit(open)
        #expect(bench.node.status.pooledEntries == 7)
    }

    @Test("keeps one of two connections to one identity, the same on both sides")
    func duplicates() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            var swarm = TestSwarm(on: TestBench.network, seed: seed)
            for _ in 0..<3 { try swarm.add() }
            for index in 0..<3 {
                for other in 0..<3 where other != index { swarm.introduce(index, to: other) }
            }
            swarm.run(for: 10_000)
            for index in 0..<3 {
                let peers = swarm.node(index).status.peers
                #expect(peers.count == 2)
                #expect(Set(peers.map(\.identity)).count == 2)
                #expect(swarm.members[index].links.count == 2)
            }
        }
    }

    @Test("takes a peer back that lost its connection without telling")
    func deadConnection() throws {
        for name in ["a", "b", "c", "d"] {
            var bench = try TestBench()
            bench.greet(1, as: name)
            bench.greet(2, as: name)
            #expect(bench.ended == [1: .duplicate])
            #expect(bench.node.status.peers.map(\.connection) == [2])
        }
    }

    @Test("does not talk to itself")
    func itself() throws {
        var bench = try TestBench()
        bench.connect(1, as: "bench")
        #expect(bench.ended[1] == .duplicate)
        #expect(bench.sent.isEmpty)
    }

    @Test("asks for another tick when one comes early, as after a clock was set back")
    func earlyTick() throws {
        var bench = try TestBench()
        for early in [0, 1, 999, 1_000, 1_001] as [UInt64] {
            bench.now = bench.now.adding(milliseconds: early)
            let wakes = bench.node.step(.tick, at: bench.now).filter {
                if case .wake = $0 { true } else { false }
            }
            #expect(wakes.count == 1)
        }
    }
}
