import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A swarm of nodes") struct SwarmTests {
    static let network = TestNetwork.make(expiry: 8_640, undoWindow: 1_000)

    /// Four nodes in a ring, who all mine.
    static func ring(seed: UInt64, traces: Bool = false) throws -> TestSwarm {
        var swarm = TestSwarm(on: network, seed: seed, traces: traces)
        for _ in 0..<4 { try swarm.add() }
        for index in 0..<4 { swarm.introduce(index, to: (index + 1) % 4) }
        swarm.run(for: 500)
        return swarm
    }

    /// Opens a meeting on one node and has four authors write on all; gives all ids.
    static func converse(_ swarm: inout TestSwarm, rounds: Int) throws -> [Digest] {
        let meeting = open(&swarm)
        return try [meeting] + talk(&swarm, in: meeting, rounds: rounds)
    }

    static func open(_ swarm: inout TestSwarm) -> Digest {
        var host = TestAuthor("host", on: swarm.network)
        let open = host.open()
        #expect(swarm.submit(open, to: 0) == .success(open.id))
        swarm.run(for: 3_000)
        return open.id
    }

    static func talk(
        _ swarm: inout TestSwarm,
        in meeting: Digest,
        rounds: Int
    ) throws -> [Digest] {
        var ids: [Digest] = []
        var authors = (0..<4).map { TestAuthor("author \($0)", on: swarm.network) }
        for round in 0..<rounds {
            for index in authors.indices {
                let entry = authors[index].message("\(round) of \(index)", in: meeting)
                #expect(swarm.submit(entry, to: index) == .success(entry.id))
                ids.append(entry.id)
                swarm.run(for: swarm.below(200))
            }
        }
        return ids
    }

    @Test("agrees on one history with every entry once", arguments: [1, 2, 3] as [UInt64])
    func mainRoad(seed: UInt64) throws {
        var swarm = try Self.ring(seed: seed)
        swarm.scheduleMining(every: 1_000)
        let ids = try Self.converse(&swarm, rounds: 10)
        swarm.run(for: 10_000)
        swarm.isMining = false
        swarm.run(for: 10_000)
        #expect(swarm.agrees)
        for index in 0..<4 {
            let history = try swarm.history(index)
            #expect(Set(history) == Set(ids))
            #expect(history.count == ids.count)
            #expect(swarm.state(index) == swarm.state(0))
            #expect(swarm.node(index).status.pooledEntries == 0)
            #expect(swarm.members[index].haltReason == nil)
            #expect(
                swarm.members[index].reports.allSatisfy { report in
                    switch report {
                    case .reorganized, .incident: true
                    case .invalidBlock, .discouraged, .limited: false
                    }
                }
            )
        }
    }

    @Test("takes in a late node, though one peer stalls")
    func lateNode() throws {
        var swarm = try Self.ring(seed: 4)
        swarm.miners = [0]
        swarm.scheduleMining(by: 0, every: 200)
        let ids = try Self.converse(&swarm, rounds: 100)
        swarm.run(for: 60_000)
        swarm.isMining = false
        swarm.run(for: 5_000)
        #expect(swarm.agrees)
        #expect(swarm.tip(0).header.height > Height(300))
        swarm.members[3].swallowed = [.block]
        let late = try swarm.add()
        for index in 1..<4 { swarm.introduce(late, to: index) }
        #expect(swarm.run(atMost: 60_000) { $0.agrees })
        #expect(try swarm.history(late).count == ids.count)
        #expect(swarm.state(late) == swarm.state(0))
        #expect(swarm.members[1].sent[.block, default: 0] > 10)
        #expect(swarm.members[2].sent[.block, default: 0] > 10)
        #expect(swarm.members[late].ends.isEmpty)
        swarm.run(for: 60_000)
        #expect(swarm.members[late].ends.contains(.timeout("block")))
    }

    @Test("resumes at its tip, with the entries it promised", arguments: [false, true])
    func restart(losesPower: Bool) throws {
        var swarm = TestSwarm(on: Self.network, seed: 5)
        try swarm.add()
        var host = TestAuthor("host", on: swarm.network)
        let open = host.open()
        swarm.submit(open, to: 0)
        swarm.mine(0, count: 40)
        let tip = swarm.tip(0)
        var ids: [Digest] = []
        for number in 0..<20 {
            let entry = host.message("\(number)", in: open.id)
            swarm.submit(entry, to: 0)
            ids.append(entry.id)
            if number % 5 == 4 {
                try swarm.restart(0, losesPower: losesPower)
                swarm.run(for: 100)
            }
        }
        #expect(swarm.tip(0) == tip)
        #expect(swarm.node(0).status.pooledEntries == 20)
        swarm.mine(0, count: 1)
        #expect(try swarm.history(0) == [open.id] + ids)
    }

    @Test("keeps what a promised entry stands on, wherever that came from")
    func predecessors() throws {
        var swarm = TestSwarm(on: Self.network, seed: 7)
        try swarm.add()
        try swarm.add()
        swarm.introduce(1, to: 0)
        var host = TestAuthor("host", on: swarm.network)
        var guest = TestAuthor("guest", on: swarm.network)
        let open = host.open()
        let before = [open, host.message("welcome", in: open.id), guest.message("a", in: open.id)]
        for entry in before { swarm.submit(entry, to: 0) }
        #expect(swarm.run(atMost: 60_000) { $0.node(1).status.pooledEntries == 3 })
        let last = guest.message("b", in: open.id)
        swarm.submit(last, to: 1)
        swarm.crash(0)
        try swarm.restart(1, losesPower: true)
        swarm.run(for: 100)
        let kept = swarm.node(1).pooled(.all(limit: 9)).map(\.valid.id)
        #expect(kept == (before + [last]).map(\.id))
    }

    @Test("finds every entry in spite of losses", arguments: [6, 7] as [UInt64])
    func losses(seed: UInt64) throws {
        #expect(try Self.reached(seed: seed, interval: 3_000))
        #expect(try !Self.reached(seed: seed, interval: 1 << 40))
    }

    /// Whether every entry reached every node's pool while a fifth of all messages got lost.
    static func reached(seed: UInt64, interval: UInt64) throws -> Bool {
        var swarm = TestSwarm(on: network, seed: seed)
        var policy = TestSwarm.policy
        policy.reconcileInterval = interval
        for _ in 0..<4 { try swarm.add(policy: policy) }
        for index in 0..<4 { swarm.introduce(index, to: (index + 1) % 4) }
        swarm.run(for: 1_000)
        let meeting = open(&swarm)
        swarm.weather.lossPerMille = 200
        let ids = try talk(&swarm, in: meeting, rounds: 10)
        swarm.run(for: 30_000)
        return (0..<4).allSatisfy { index in
            ids.allSatisfy { !swarm.node(index).pooled(.entry($0)).isEmpty }
        }
    }

    @Test("does the same twice with one seed")
    func determinism() throws {
        func digest() throws -> Digest? {
            var swarm = try Self.ring(seed: 8, traces: true)
            swarm.weather.lossPerMille = 50
            swarm.weather.duplicatesPerMille = 50
            swarm.weather.reorders = true
            swarm.scheduleMining(every: 700)
            _ = try Self.converse(&swarm, rounds: 8)
            swarm.partition([[0, 1], [2, 3]])
            swarm.run(for: 8_000)
            swarm.heal()
            swarm.run(for: 20_000)
            return swarm.trace
        }
        let first = try digest()
        #expect(try first == digest())
    }
}
