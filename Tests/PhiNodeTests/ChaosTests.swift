import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("In all weathers") struct ChaosTests {
    @Test("a template always connects", arguments: 1...3 as ClosedRange<UInt64>)
    func templates(seed: UInt64) throws {
        var policy = TestSwarm.policy
        policy.softBodyBytes = 4_000
        var bench = try TestBench(policy: policy)
        var writers = RandomWriters(5, on: bench.network, seed: seed)
        var count = 0
        for _ in 0..<50 {
            for _ in 0..<12 {
                let reader = ChainReader(bench.store, network: bench.network)
                try writers.write(seeing: reader) { entry in
                    (try? bench.submit(entry).get()) != nil
                }
            }
            let height = bench.node.status.tip.header.height
            let entries = try #require(try bench.mine())
            #expect(bench.node.status.tip.header.height == height.next)
            count += entries.count
            bench.step(.tick)
        }
        #expect(count > 150)
    }

    @Test(
        "the same blocks in any order lead to the same state",
        arguments: 1...4 as ClosedRange<UInt64>
    )
    func arrival(seed: UInt64) throws {
        var source = try TestBench()
        var writers = RandomWriters(4, on: source.network, seed: seed)
        var chain = TestChain(on: source.network)
        for _ in 0..<24 {
            for _ in 0..<6 {
                let reader = ChainReader(source.store, network: source.network)
                try writers.write(seeing: reader) { entry in
                    (try? source.submit(entry).get()) != nil
                }
            }
            let entries = try #require(try source.mine())
            source.step(.tick)
            chain.append(entries.map(\.entry))
        }
        // The same entries in blocks of another time: the chain that all are told of.
        var random = SeededRandom(seed: seed)
        var states: [[[UInt8]]] = []
        for _ in 0..<4 {
            var bench = try TestBench()
            bench.judgesAtOnce = false
            bench.greet(1, tip: chain.tip)
            bench.receive(chain.message(), from: 1)
            var asked: [Digest] = []
            while bench.node.status.tip != chain.tip.header {
                for case .getBlocks(let hashes) in bench.take(.getBlocks, to: 1) { asked += hashes }
                let isDone = asked.isEmpty && bench.questions.isEmpty
                try #require(!isDone, "the node goes on")
                if !asked.isEmpty, random.next() % 3 > 0 || bench.questions.isEmpty {
                    let hash = asked.remove(at: Int(random.next() % UInt64(asked.count)))
                    let block = try #require(chain.blocks.first { $0.hash == hash })
                    bench.receive(.block(hash: hash, body: block.body.encoded), from: 1)
                } else {
                    bench.questions.shuffle(using: &random)
                    bench.answerQuestions()
                }
            }
            states.append(bench.store.chainState)
        }
        #expect(states.allSatisfy { $0 == states[0] })
    }

    @Test("nodes come to agree and lose nothing", arguments: 1...6 as ClosedRange<UInt64>)
    func storms(seed: UInt64) throws {
        let network = TestNetwork.make(expiry: 8_640, undoWindow: 1_000)
        var swarm = TestSwarm(on: network, seed: seed)
        for _ in 0..<5 { try swarm.add() }
        swarm.introduceAll()
        swarm.run(for: 1_000)
        swarm.scheduleMining(every: 1_500)
        var writers = RandomWriters(8, on: network, seed: seed)
        var promised: Set<Digest> = []
        swarm.weather.lossPerMille = swarm.below(150)
        swarm.weather.duplicatesPerMille = swarm.below(100)
        swarm.weather.reorders = swarm.below(2) == 0
        for _ in 0..<40 {
            for _ in 0..<5 {
                let index = Int(swarm.below(5))
                try writers.write(seeing: swarm.chain(index)) { entry in
                    guard case .success(let id) = swarm.submit(entry, to: index) else {
                        return false
                    }
                    promised.insert(id)
                    return true
                }
                swarm.run(for: swarm.below(400))
            }
            try Self.trouble(&swarm)
        }
        swarm.heal()
        swarm.weather = Weather()
        for index in swarm.members.indices { swarm.members[index].clockSkew = 0 }
        swarm.introduceAll()
        swarm.run(for: 120_000)
        swarm.isMining = false
        #expect(swarm.run(atMost: 60_000) { $0.agrees })
        try Self.check(swarm, promised: promised)
    }

    private static func trouble(_ swarm: inout TestSwarm) throws {
        switch swarm.below(8) {
        case 0: swarm.partition([[0, 1, 2], [3, 4]])
        case 1: swarm.partition([[0, 3], [1, 2, 4]])
        case 2: swarm.heal()
        case 3, 4:
            let index = Int(swarm.below(5))
            try swarm.restart(index, losesPower: swarm.below(2) == 0)
            for other in 0..<5 where other != index { swarm.introduce(index, to: other) }
        case 5:
            let index = Int(swarm.below(5))
            swarm.members[index].clockSkew = Int64(swarm.below(40_000)) - 20_000
        default: break
        }
    }

    private static func check(_ swarm: TestSwarm, promised: Set<Digest>) throws {
        let history = try swarm.history(0)
        #expect(Set(history).count == history.count)
        var accounted = Set(history)
        for index in swarm.members.indices {
            let member = swarm.members[index]
            #expect(member.haltReason == nil)
            #expect(swarm.state(index) == swarm.state(0))
            for report in member.reports {
                if case .discouraged = report { #expect(Bool(false), "\(report)") }
                if case .invalidBlock = report { #expect(Bool(false), "\(report)") }
            }
            for pooled in swarm.node(index).pooled(.all(limit: 10_000)) {
                #expect(!history.contains(pooled.valid.id))
                accounted.insert(pooled.valid.id)
            }
            for case .dropped(let pooled, _) in member.notices { accounted.insert(pooled.valid.id) }
        }
        #expect(promised.subtracting(accounted).isEmpty)
        #expect(history.count > 20)
        // Replaying the chain into an empty store leads to the same records.
        let store = MemoryStore()
        try StoreFormat.prepare(store, network: swarm.network)
        var ledger = try Ledger(opening: store, network: swarm.network)
        let chain = swarm.chain(0)
        for height in 1...(try chain.tip().height.rawValue) {
            let header = try #require(try chain.header(at: Height(height)))
            let rules = HeaderRules(swarm.network)
            let judged = try rules.judge(
                header,
                after: ledger.tip,
                historyRoot: ledger.history.root
            )
            let entries = try chain.entries(at: Height(height))
                .map { try ValidEntry(judging: $0, on: swarm.network) }
            store.commit(try ledger.connect(judged, entries: entries), durable: true)
        }
        #expect(store.chainState == swarm.state(0))
    }
}
