import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A node whose peers talk too much") struct MeteringTests {
    private static let rate = MeterRate(perSecond: 10, burst: 100)

    /// Few tokens of every class.
    private static var policy: NodePolicy {
        var policy = TestSwarm.policy
        policy.meterRates.pings = rate
        policy.meterRates.records = rate
        policy.meterRates.recordQueries = rate
        policy.meterRates.headers = rate
        policy.meterRates.headerQueries = rate
        policy.meterRates.inventories = rate
        policy.meterRates.entryQueries = rate
        policy.meterRates.sketches = rate
        policy.meterRates.unknown = rate
        policy.meterRates.strays = MeterRate(perSecond: 1_000, burst: 10_000)
        policy.meterRates.blockQueries = MeterRate(perSecond: 4_096, burst: 40_960)
        return policy
    }

    private func digest(_ number: Int) -> Digest { SHA256.hash(Array("\(number)".utf8)) }

    /// A message of each class that costs one hundredth of the class's burst, or one tenth.
    private func message(_ kind: MeterClass) -> (message: Message, count: Int)? {
        switch kind {
        case .pings: (.pong(nonce: 3), 100)
        case .recordQueries: (.getPeers(maximum: 1), 100)
        case .headerQueries: (.getHeaders([digest(1)]), 100)
        case .blockQueries: (.getBlocks([digest(1)]), 10)
        case .inventories: (.inventory((0..<10).map(digest)), 10)
        case .entryQueries: (.getEntries((0..<10).map(digest)), 10)
        case .sketches: (.sketch(Reconciliation.sketch(of: [], logarithm: 0)), 100)
        case .strays: (.block(hash: digest(1), body: [UInt8](repeating: 1, count: 1_000)), 10)
        case .records, .headers, .compactBlocks, .relayModes, .unknown: nil
        }
    }

    @Test(
        "reads on until a class's tokens are gone, and not further",
        arguments: MeterClass.allCases
    )
    func boundary(kind: MeterClass) throws {
        guard let (message, count) = message(kind) else { return }
        var bench = try TestBench(policy: Self.policy)
        bench.greet(1)
        for _ in 0..<count { bench.receive(message, from: 1) }
        #expect(bench.pauses.isEmpty)
        bench.receive(message, from: 1)
        #expect(bench.pauses.map(\.peer) == [1])
        let wait = UInt64(count == 10 ? 1_000 : 100)
        #expect(bench.pauses.first?.until == bench.now.adding(milliseconds: wait))
        #expect(bench.reports.contains(.limited(1, kind)))
        #expect(bench.ended.isEmpty)
        bench.wait(2 * wait)
        bench.receive(message, from: 1)
        #expect(bench.pauses.count == 1)
        bench.receive(message, from: 1)
        #expect(bench.pauses.count == 2)
        #expect(bench.reports.filter { $0 == .limited(1, kind) }.count == 1)
    }

    @Test("ignores messages of unknown types, and counts them")
    func unknown() throws {
        var bench = try TestBench(policy: Self.policy)
        bench.greet(1)
        for _ in 0..<100 { bench.step(.malformed(1, .unknownType(0x70))) }
        #expect(bench.pauses.isEmpty)
        bench.step(.malformed(1, .unknownType(0x70)))
        #expect(bench.pauses.count == 1)
        #expect(bench.ended.isEmpty)
        #expect(bench.reports == [.limited(1, .unknown)])
    }

    @Test("leaves unanswered what comes although nothing is to be read")
    func dropped() throws {
        var bench = try TestBench(policy: Self.policy)
        bench.greet(1)
        let ping = Message.ping(Ping(nonce: 1, tip: bench.hello().tip))
        for _ in 0..<150 { bench.receive(ping, from: 1) }
        #expect(bench.take(.pong, to: 1).count == 101)
        #expect(bench.ended.isEmpty)
    }

    @Test("parts after a minute from a peer that never rests, without blame", arguments: [59, 60])
    func patience(seconds: Int) throws {
        var bench = try TestBench(policy: Self.policy)
        bench.greet(1)
        for second in 0...seconds {
            if second > 0 { bench.wait(1_000) }
            for _ in 0..<(second == 0 ? 101 : 11) where bench.ended[1] == nil {
                bench.receive(.pong(nonce: 3), from: 1)
            }
        }
        #expect(bench.ended[1] == (seconds == 60 ? .rate(.pings) : nil))
        bench.greet(2, as: "peer 1")
        #expect(bench.ended[2] == nil)
    }

    @Test("forgets a debt when the peer rests")
    func rest() throws {
        var bench = try TestBench(policy: Self.policy)
        bench.greet(1)
        for round in 0..<10 {
            for _ in 0..<(round == 0 ? 101 : 51) { bench.receive(.pong(nonce: 3), from: 1) }
            #expect(bench.reports.count == min(round, 1) + 1 || round > 1)
            bench.wait(5_000)
        }
        #expect(bench.ended.isEmpty)
    }

    @Test("serves a peer slowly that asks for much, and never parts from it for that")
    func service() throws {
        var bench = try TestBench(policy: Self.policy)
        bench.greet(1)
        for _ in 0..<200 {
            for _ in 0..<30 { bench.receive(.getHeaders([bench.network.chain]), from: 1) }
            bench.wait(1_000)
            for case .ping(let ping) in bench.take(.ping, to: 1) {
                bench.receive(.pong(nonce: ping.nonce), from: 1)
            }
        }
        #expect(bench.ended.isEmpty)
        #expect(bench.take(.headers, to: 1).count == 6_000)
    }

    @Test("does not charge what it asked for")
    func asked() throws {
        var policy = Self.policy
        policy.meterRates.strays = MeterRate(perSecond: 1, burst: 1)
        policy.meterRates.headers = MeterRate(perSecond: 1, burst: 1)
        var bench = try TestBench(policy: policy)
        let chain = MisbehaviorTests.chain()
        bench.greet(1, tip: chain.tip)
        bench.receive(chain.message(), from: 1)
        let body = chain.blocks[2].body.encoded
        bench.receive(.block(hash: chain.blocks[2].hash, body: body), from: 1)
        var other = TestAuthor("other", on: bench.network)
        let open = other.open()
        bench.receive(.inventory([open.leaf]), from: 1)
        bench.receive(.entries([open]), from: 1)
        bench.wait(20_000)
        for case .ping(let ping) in bench.take(.ping, to: 1) {
            bench.receive(.pong(nonce: ping.nonce), from: 1)
        }
        #expect(bench.node.status.tip == chain.tip.header)
        #expect(bench.pauses.isEmpty)
        bench.receive(.block(hash: chain.blocks[2].hash, body: body), from: 1)
        #expect(bench.pauses.count == 1)
    }

    @Test("takes listings in answer to its sketch, and charges others")
    func listings() throws {
        var bench = try TestBench(policy: Self.policy)
        let nothing = Reconciliation.sketch(of: [], logarithm: 0)
        let leaves = (0..<68).map(digest).sorted()
        let listing = try #require(Reconciliation.answer(to: nothing, with: leaves).first)
        bench.greet(1)
        bench.receive(.buckets(listing), from: 1)
        #expect(bench.pauses.isEmpty)
        bench.receive(.buckets(listing), from: 1)
        #expect(bench.pauses.count == 1)
        bench.greet(2, isInbound: false)
        bench.wait(3_000)
        #expect(!bench.take(.sketch, to: 2).isEmpty)
        for _ in 0..<2 { bench.receive(.buckets(listing), from: 2) }
        #expect(bench.pauses.count == 1)
        bench.receive(.buckets(listing), from: 2)
        #expect(bench.pauses.count == 2)
    }

    @Test("keeps the standard rates above what a busy and honest network sends")
    func honest() throws {
        var policy = NodePolicy.local
        policy.meterPatience = 0
        var swarm = TestSwarm(on: TestBench.network, seed: 4)
        for _ in 0..<5 { try swarm.add(policy: policy) }
        swarm.introduceAll()
        swarm.scheduleMining(every: 200)
        let meeting = SwarmTests.open(&swarm)
        _ = try SwarmTests.talk(&swarm, in: meeting, rounds: 30)
        for _ in 0..<20 {
            let index = Int(swarm.below(5))
            try swarm.restart(index)
            for other in 0..<5 where other != index { swarm.introduce(index, to: other) }
            swarm.run(for: 300)
        }
        swarm.run(for: 10_000)
        let late = try swarm.add(policy: policy)
        swarm.introduce(late, to: 0)
        swarm.isMining = false
        swarm.run(for: 20_000)
        #expect(swarm.tip(late).header.height.rawValue > 100)
        #expect(swarm.tip(late) == swarm.tip(0))
        for member in swarm.members {
            #expect(member.pauses.isEmpty)
            #expect(!member.ends.contains { if case .rate = $0 { true } else { false } })
        }
    }
}
