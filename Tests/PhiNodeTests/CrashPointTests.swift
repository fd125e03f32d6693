import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import Testing

@Suite("A node that dies at a write") struct CrashPointTests {
    /// How a node dies: before or after a write, with or without what was not durable.
    struct Way: CustomTestStringConvertible, Sendable {
        let isAfterWrite: Bool
        let losesPower: Bool
        var fault: TestSwarm.Fault?

        var testDescription: String {
            (isAfterWrite ? "after the write" : "before the write")
                + (losesPower ? ", with the power lost" : "")
        }

        static let all = [false, true].flatMap { isAfterWrite in
            [false, true].map { Way(isAfterWrite: isAfterWrite, losesPower: $0) }
        }
    }

    private static let network = TestNetwork.make(expiry: 8_640, undoWindow: 1_000)

    /// Two nodes with a meeting that both know of.
    private static func pair() throws -> (TestSwarm, Digest) {
        var swarm = TestSwarm(on: network, seed: 5)
        for _ in 0..<2 { try swarm.add() }
        swarm.introduceAll()
        swarm.run(for: 500)
        var host = TestAuthor("host", on: network)
        let open = host.open()
        swarm.submit(open, to: 0)
        swarm.mine(0, count: 2, every: 500)
        swarm.run(for: 1_000)
        #expect(swarm.agrees)
        return (swarm, open.id)
    }

    /// Both nodes with branches of their own, entries on either.
    private static func parted(_ blocks: (Int, Int)) throws -> (TestSwarm, [Digest]) {
        var (swarm, meeting) = try pair()
        swarm.partition([[0], [1]])
        var ids: [Digest] = []
        for (index, count) in [blocks.0, blocks.1].enumerated() {
            var author = TestAuthor("author \(index)", on: network)
            for number in 0..<count {
                author.anchorHeight = swarm.tip(index).header.height
                let entry = author.message("\(number)", in: meeting)
                #expect(swarm.submit(entry, to: index) == .success(entry.id))
                ids.append(entry.id)
                swarm.run(for: 100)
                swarm.mine(index)
            }
        }
        return (swarm, ids)
    }

    /// What a store without any history holds that has connected the same blocks.
    private func replayed(_ chain: ChainReader<MemoryStore>) throws -> [[UInt8]] {
        let store = MemoryStore()
        try StoreFormat.prepare(store, network: Self.network)
        var ledger = try Ledger(opening: store, network: Self.network)
        let rules = HeaderRules(Self.network)
        for height in 1..<(try chain.tip().height.rawValue + 1) {
            let header = try #require(try chain.header(at: Height(height)))
            let valid = try rules.judge(
                header,
                after: ledger.tip,
                historyRoot: ledger.history.root
            )
            let entries = try chain.entries(at: Height(height)).map {
                try ValidEntry(judging: $0, on: Self.network)
            }
            store.commit(try ledger.connect(valid, entries: entries), durable: true)
        }
        return store.chainState
    }

    /// Lets a member die at every write of what happens, and looks at each store that it leaves.
    ///
    /// - Parameters:
    ///   - member: The member that dies.
    ///   - way: How it dies.
    ///   - prepare: Makes the swarm; the same each time.
    ///   - happen: What the member does its writes in.
    ///   - check: What must hold in the end, with the member up again.
    /// - Returns: How often it died.
    /// - Throws: What keeps a store from being opened.
    private func dies(
        _ member: Int,
        _ way: Way,
        from prepare: () throws -> TestSwarm,
        in happen: (inout TestSwarm) -> Void,
        then check: (inout TestSwarm) throws -> Void
    ) throws -> Int {
        for writes in 0... {
            var swarm = try prepare()
            swarm.members[member].death = TestSwarm.Death(
                writesLeft: writes,
                isAfterWrite: way.isAfterWrite,
                losesPower: way.losesPower,
                fault: way.fault
            )
            happen(&swarm)
            guard swarm.members[member].node == nil else { return writes }
            #expect(try swarm.state(member) == replayed(swarm.chain(member)), "write \(writes)")
            try swarm.start(member)
            swarm.introduceAll()
            try check(&swarm)
            #expect(swarm.state(member) == swarm.state(1 - member), "write \(writes)")
        }
        return 0
    }

    /// Both members agree, and everything that was acknowledged is recorded once.
    private func settles(_ swarm: inout TestSwarm, by miner: Int, _ ids: [Digest]) throws {
        #expect(swarm.run(atMost: 60_000) { $0.agrees })
        swarm.run(for: 10_000)
        swarm.mine(miner, count: 2, every: 500)
        #expect(swarm.run(atMost: 30_000) { $0.agrees })
        let history = try swarm.history(0)
        #expect(history.count == Set(history).count)
        #expect(Set(ids).isSubset(of: history))
    }

    @Test("while it takes and records entries has all that it acknowledged", arguments: Way.all)
    func entries(way: Way) throws {
        var acknowledged: [Digest] = []
        var meeting = Digest.zero
        let deaths = try dies(
            0,
            way,
            from: {
                let (swarm, id) = try Self.pair()
                meeting = id
                return swarm
            },
            in: { swarm in
                acknowledged = []
                var author = TestAuthor("author", on: Self.network)
                for number in 0..<4 where swarm.members[0].node != nil {
                    author.anchorHeight = swarm.tip(0).header.height
                    let entry = author.message("\(number)", in: meeting)
                    if case .success(let id) = swarm.submit(entry, to: 0) {
                        acknowledged.append(id)
                    }
                    if number % 2 == 1 { swarm.mine(0) }
                }
                swarm.run(for: 200)
            },
            then: { try settles(&$0, by: 0, acknowledged) }
        )
        #expect(deaths >= 6)
    }

    @Test("is seen to lose what it said when its disk lies", arguments: TestSwarm.Fault.allCases)
    func planted(fault: TestSwarm.Fault) {
        let way = Way(isAfterWrite: false, losesPower: fault == .lostSync, fault: fault)
        withKnownIssue { try entries(way: way) }
    }

    @Test("while it connects blocks of a peer has a prefix of them", arguments: Way.all)
    func sync(way: Way) throws {
        let deaths = try dies(
            1,
            way,
            from: { try Self.parted((6, 0)).0 },
            in: { swarm in
                swarm.heal()
                swarm.introduceAll()
                swarm.run(for: 20_000)
            },
            then: { try settles(&$0, by: 0, []) }
        )
        #expect(deaths >= 6)
    }

    @Test("in a reorganization has a whole state, and goes on to the better", arguments: Way.all)
    func reorganization(way: Way) throws {
        var ids: [Digest] = []
        let deaths = try dies(
            0,
            way,
            from: {
                let (swarm, found) = try Self.parted((3, 5))
                ids = found
                return swarm
            },
            in: { swarm in
                swarm.heal()
                swarm.introduceAll()
                swarm.run(for: 20_000)
            },
            then: { try settles(&$0, by: 0, ids) }
        )
        // Three blocks go and five come.
        #expect(deaths >= 8)
    }
}
