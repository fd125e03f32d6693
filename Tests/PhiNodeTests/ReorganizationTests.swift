import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A reorganization") struct ReorganizationTests {
    /// Two pairs that part at one tip, mine so many blocks each, and meet again.
    static func parted(
        seed: UInt64,
        blocks: (Int, Int),
        window: UInt32 = 1_000,
        policy: NodePolicy = TestSwarm.policy
    ) throws -> (swarm: TestSwarm, ids: [Digest]) {
        let network = TestNetwork.make(expiry: 8_640, undoWindow: window)
        var swarm = TestSwarm(on: network, seed: seed)
        for _ in 0..<4 { try swarm.add(policy: policy) }
        swarm.introduceAll()
        swarm.run(for: 1_000)
        var host = TestAuthor("host", on: network)
        let open = host.open()
        swarm.submit(open, to: 0)
        swarm.mine(0, count: 3, every: 500)
        swarm.run(for: 2_000)
        #expect(swarm.agrees)
        swarm.partition([[0, 1], [2, 3]])
        var left = TestAuthor("left", on: network)
        var right = TestAuthor("right", on: network)
        var ids = [open.id]
        for number in 0..<max(blocks.0, blocks.1) {
            if number < blocks.0 {
                if number % 3 == 0 {
                    left.anchorHeight = swarm.tip(1).header.height
                    let entry = left.message("\(number)", in: open.id)
                    #expect(swarm.submit(entry, to: 1) == .success(entry.id))
                    ids.append(entry.id)
                }
                swarm.mine(1)
            }
            if number < blocks.1 {
                if number % 4 == 0 {
                    right.anchorHeight = swarm.tip(2).header.height
                    let entry = right.message("\(number)", in: open.id)
                    #expect(swarm.submit(entry, to: 2) == .success(entry.id))
                    ids.append(entry.id)
                }
                swarm.mine(2)
            }
            swarm.run(for: 100)
        }
        return (swarm, ids)
    }

    @Test(
        "leads to the branch with most work and loses no entry",
        arguments: [(1, 2), (5, 4), (40, 60), (300, 310)]
    )
    func heals(left: Int, right: Int) throws {
        var (swarm, ids) = try Self.parted(seed: 11, blocks: (left, right))
        let winner = left > right ? 0 : 3
        let tip = swarm.tip(winner)
        swarm.heal()
        #expect(swarm.run(atMost: 120_000) { $0.agrees })
        #expect(swarm.tip(0) == tip)
        swarm.run(for: 10_000)
        for index in 0..<4 {
            #expect(swarm.node(index).status.reorganizations == (index / 2 == winner / 2 ? 0 : 1))
            let depth = UInt32(index / 2 == winner / 2 ? 0 : min(left, right))
            #expect(swarm.node(index).status.deepestReorganization == depth)
        }
        swarm.mine(winner, count: 3, every: 1_000)
        swarm.run(for: 5_000)
        #expect(swarm.agrees)
        let history = try swarm.history(0)
        #expect(Set(history) == Set(ids))
        #expect(history.count == ids.count)
        for index in 1..<4 { #expect(swarm.state(index) == swarm.state(0)) }
    }

    @Test("fetches a branch with more bodies than the window holds")
    func narrowWindow() throws {
        var policy = TestSwarm.policy
        policy.blockWindow = 4
        var (swarm, _) = try Self.parted(seed: 17, blocks: (40, 60), policy: policy)
        swarm.heal()
        #expect(swarm.run(atMost: 120_000) { $0.agrees })
    }

    @Test("goes on when it is crossed by a still heavier branch")
    func crossed() throws {
        var (swarm, ids) = try Self.parted(seed: 18, blocks: (30, 40))
        let third = try swarm.add()
        swarm.members[third].side = 2
        swarm.introduce(third, to: 2)
        swarm.members[third].side = 1
        swarm.introduce(third, to: 2)
        swarm.run(for: 40_000)
        #expect(swarm.tip(third) == swarm.tip(2))
        swarm.partition([[0, 1], [2, 3], [third]])
        swarm.mine(third, count: 15)
        swarm.mine(2, count: 5)
        swarm.weather.latency = 200...900
        swarm.heal()
        swarm.introduce(0, to: third)
        swarm.introduce(1, to: third)
        #expect(swarm.run(atMost: 200_000) { $0.agrees })
        swarm.run(for: 20_000)
        swarm.mine(0, count: 3, every: 3_000)
        swarm.run(for: 10_000)
        #expect(swarm.agrees)
        #expect(try Set(swarm.history(third)) == Set(ids))
        #expect(swarm.state(third) == swarm.state(0))
    }

    @Test("does not happen for a branch of equal work")
    func tie() throws {
        var (swarm, _) = try Self.parted(seed: 12, blocks: (7, 7))
        let tips = (0..<4).map { swarm.tip($0) }
        #expect(tips[0] != tips[3])
        swarm.heal()
        swarm.run(for: 60_000)
        #expect((0..<4).map { swarm.tip($0) } == tips)
        swarm.mine(3)
        #expect(swarm.run(atMost: 60_000) { $0.agrees })
        #expect(swarm.tip(0) == swarm.tip(3))
    }

    @Test("deeper than undo data halts the node", arguments: [(10, 11), (11, 12)])
    func window(left: Int, right: Int) throws {
        var (swarm, _) = try Self.parted(seed: 13, blocks: (left, right), window: 10)
        let tip = swarm.tip(0)
        swarm.heal()
        swarm.run(for: 60_000)
        guard left > 10 else {
            #expect(swarm.members[0].haltReason == nil)
            return #expect(swarm.agrees)
        }
        guard case .deepReorganization(_, let depth, _) = swarm.members[0].haltReason else {
            return #expect(swarm.members[0].haltReason != nil)
        }
        #expect(depth == UInt32(left))
        #expect(swarm.tip(0) == tip)
        #expect(swarm.members[2].haltReason == nil)
    }

    @Test("survives a crash at any moment", arguments: [false, true])
    func crashes(losesPower: Bool) throws {
        for delay in stride(from: UInt64(0), to: 400, by: 25) {
            var (swarm, ids) = try Self.parted(seed: 14, blocks: (20, 25))
            swarm.heal()
            swarm.run(atMost: 60_000) { !$0.members[0].reports.isEmpty || $0.tip(0) == $0.tip(3) }
            swarm.run(for: delay)
            try swarm.restart(0, losesPower: losesPower)
            swarm.introduce(0, to: 2)
            try swarm.restart(1, losesPower: losesPower)
            swarm.introduce(1, to: 2)
            #expect(swarm.run(atMost: 120_000) { $0.agrees })
            swarm.run(for: 10_000)
            swarm.mine(2, count: 3, every: 1_000)
            swarm.run(for: 5_000)
            #expect(swarm.agrees)
            #expect(try Set(swarm.history(0)) == Set(ids))
            #expect(swarm.state(0) == swarm.state(3))
        }
    }

    @Test("to a branch whose author vanished keeps nobody from mining", arguments: [true, false])
    func withheldBody(isPatient: Bool) throws {
        var (swarm, _) = try Self.parted(seed: 15, blocks: (0, 0))
        if !isPatient {
            // Without its remedy the test fails: the node waits for the body.
            for index in 0..<4 {
                swarm.members[index].policy.stallPatience = .max
                try swarm.restart(index)
            }
            swarm.introduceAll()
        }
        swarm.heal()
        swarm.run(for: 5_000)
        swarm.members[3].swallowed = [.block]
        var author = TestAuthor("lost", on: swarm.network)
        let entry = author.message("never seen", in: try swarm.history(0)[0])
        swarm.members[3].swallowed = [
            .block, .blockEntries, .inventory, .entries, .buckets, .sketch,
        ]
        swarm.submit(entry, to: 3)
        // It was told of, as far as its node can know, so it does not come with the block.
        swarm.run(for: 1_000)
        swarm.mine(3)
        swarm.run(for: 500)
        let height = swarm.tip(0).header.height
        #expect(swarm.node(0).status.bestHeaderHeight == height.next)
        swarm.crash(3)
        swarm.run(for: 5_000)
        #expect((swarm.node(0).status.sync == .synced) == isPatient)
        let isMined = swarm.mine(0)
        #expect(isMined == isPatient)
        guard isPatient else { return }
        swarm.run(for: 5_000)
        let isMinedAgain = swarm.mine(1)
        #expect(isMinedAgain)
        #expect(swarm.run(atMost: 10_000) { $0.agrees })
    }

    @Test("does not follow a withheld branch while its author stays")
    func withholdingPeer() throws {
        var (swarm, _) = try Self.parted(seed: 16, blocks: (0, 0))
        swarm.heal()
        swarm.run(for: 5_000)
        swarm.members[3].swallowed = [
            .block, .blockEntries, .inventory, .entries, .buckets, .sketch,
        ]
        var author = TestAuthor("lost", on: swarm.network)
        swarm.submit(author.message("kept", in: try swarm.history(0)[0]), to: 3)
        swarm.run(for: 1_000)
        swarm.mine(3)
        swarm.miners = [0, 1, 2]
        swarm.scheduleMining(every: 2_000)
        let height = swarm.tip(0).header.height
        swarm.run(for: 120_000)
        #expect(swarm.tip(0).header.height.distance(above: height) > 30)
        swarm.isMining = false
        swarm.run(for: 60_000)
        #expect(swarm.agrees)
    }

    /// A node at the end of a chain that was just told of a heavier branch, and goes on when told.
    private func leaving() throws -> (TestBench, chain: TestChain, fork: TestChain) {
        let chain = DownloadBench.chain(6)
        var bench = try DownloadBench(chain, peers: 1).bench
        for block in chain.blocks.dropFirst() {
            bench.receive(.block(hash: block.hash, body: block.body.encoded), from: 1)
        }
        #expect(bench.node.status.tip == chain.tip.header)
        var fork = chain.cut(at: Height(2))
        fork.grow(by: 6, delay: 1_500)
        bench.holdsResume = true
        bench.receive(fork.message(above: Height(2)), from: 1)
        return (bench, chain, fork)
    }

    @Test("takes no submission while the chain goes back, and takes them after")
    func busy() throws {
        var (bench, chain, fork) = try leaving()
        var author = TestAuthor("author", on: chain.network)
        let entry = author.open()
        var answers: [Height: Result<Digest, SubmitRefusal>] = [:]
        var heights: [Height] = []
        while bench.node.status.tip != fork.tip.header {
            bench.step(.resume)
            let tip = bench.node.status.tip.header
            heights.append(tip.height)
            let isBelow = tip.chainWork < chain.tip.header.header.chainWork
            let answer = try bench.submit(author.trying { $0.open() })
            #expect((answer == .failure(.busy)) == isBelow)
            answers[tip.height] = answer
            if heights.count > 40 { break }
        }
        #expect(heights.contains(Height(2)))
        #expect(bench.node.status.tip == fork.tip.header)
        bench.step(.resume)
        #expect(
            [.success(entry.id), .failure(.pooled(id: entry.id))].contains(try bench.submit(entry))
        )
    }

    @Test("ends before a heavier branch whose bodies are not here is followed")
    func heavierHeaders() throws {
        var (bench, chain, fork) = try leaving()
        var author = TestAuthor("author", on: chain.network)
        var third = chain.cut(at: Height(1))
        third.append([author.open()], delay: 1_600)
        third.grow(by: 10, delay: 1_600)
        #expect(third.tip.header.header.chainWork > fork.tip.header.header.chainWork)
        while bench.node.status.tip.header.height > Height(4) { bench.step(.resume) }
        bench.receive(third.message(above: Height(1)), from: 1)
        let goal = fork.blocks[7].header
        #expect(goal.header.chainWork > chain.tip.header.header.chainWork)
        for _ in 0..<20 where bench.node.status.tip != goal { bench.step(.resume) }
        #expect(bench.node.status.tip == goal)
        bench.step(.resume)
        #expect(bench.node.status.bestHeaderHeight == third.tip.header.header.height)
        bench.receive(
            .block(hash: third.blocks[2].hash, body: third.blocks[2].body.encoded),
            from: 1
        )
        for _ in 0..<40 where bench.node.status.tip != third.tip.header { bench.step(.resume) }
        #expect(bench.node.status.tip == third.tip.header)
    }

    @Test("keeps the pool within its limits all the way, and tells what goes")
    func fullPool() throws {
        var policy = TestSwarm.policy
        policy.poolEntries = 4
        var bench = try TestBench(policy: policy)
        var host = TestAuthor("host", on: bench.network)
        let open = host.open()
        var ids = [open.id]
        #expect(try bench.submit(open) == .success(open.id))
        _ = try bench.mine()
        for _ in 0..<3 {
            for _ in 0..<3 {
                let entry = host.message("x", in: open.id)
                #expect(try bench.submit(entry) == .success(entry.id))
                ids.append(entry.id)
            }
            #expect(try bench.mine()?.count == 3)
        }
        var fork = TestChain(on: bench.network)
        fork.grow(by: 6, delay: 1_500)
        bench.greet(1, tip: fork.tip)
        bench.holdsResume = true
        bench.notices = []
        bench.receive(fork.message(), from: 1)
        for _ in 0..<40 {
            #expect(bench.node.status.pooledEntries <= 4)
            bench.step(.resume)
        }
        #expect(bench.node.status.tip == fork.tip.header)
        let gone = bench.notices.compactMap { notice -> Digest? in
            if case .dropped(let pooled, _) = notice { pooled.valid.id } else { nil }
        }
        let waiting = bench.node.pooled(.all(limit: 100)).map(\.valid.id)
        #expect(waiting == Array(ids.prefix(3)))
        #expect((gone + waiting).sorted() == ids.sorted())
    }

    @Test("loses nothing that waits where both branches hold more than the pool")
    func sharedEntries() throws {
        var policy = TestSwarm.policy
        policy.poolEntries = 4
        policy.restoredAtOnce = 1
        var bench = try TestBench(policy: policy)
        var host = TestAuthor("host", on: bench.network)
        var guest = TestAuthor("guest", on: bench.network)
        let open = host.open()
        let shared = [open] + (0..<8).map { _ in guest.message("shared", in: open.id) }
        for pair in stride(from: 0, to: shared.count, by: 3) {
            for entry in shared[pair..<pair + 3] {
                #expect(try bench.submit(entry) == .success(entry.id))
            }
            #expect(try bench.mine()?.count == 3)
        }
        let waiting = (0..<3).map { _ in host.message("waits", in: open.id) }
        for entry in waiting { #expect(try bench.submit(entry) == .success(entry.id)) }
        var fork = TestChain(on: bench.network)
        for entry in shared { fork.append([entry], delay: 1_500) }
        bench.greet(1, tip: fork.tip)
        bench.notices = []
        bench.receive(fork.message(), from: 1)
        for block in fork.blocks.dropFirst() {
            bench.receive(.block(hash: block.hash, body: block.body.encoded), from: 1)
        }
        #expect(bench.node.status.tip == fork.tip.header)
        #expect(bench.node.pooled(.all(limit: 100)).map(\.valid.entry) == waiting)
        #expect(try PooledEntries(bench.store, network: bench.network).all() == waiting)
        let dropped = bench.notices.compactMap { notice -> Digest? in
            if case .dropped(let pooled, _) = notice { pooled.valid.id } else { nil }
        }
        #expect(Set(dropped).isDisjoint(with: waiting.map(\.id)))
    }
}
