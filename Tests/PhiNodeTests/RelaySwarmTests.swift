import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("Relay in a swarm") struct RelaySwarmTests {
    /// Nodes of which each is connected to each, with the delays of the public network.
    static func mesh(_ count: Int, seed: UInt64) throws -> TestSwarm {
        var swarm = TestSwarm(on: SwarmTests.network, seed: seed)
        var policy = NodePolicy()
        policy.isLocal = true
        for _ in 0..<count { try swarm.add(policy: policy) }
        swarm.introduceAll()
        swarm.run(for: 1_000)
        return swarm
    }

    @Test("brings a block over five hops in one way each, where entries are known")
    func hops() throws {
        var swarm = TestSwarm(on: SwarmTests.network, seed: 1)
        for _ in 0..<6 { try swarm.add() }
        for index in 0..<5 { swarm.introduce(index, to: index + 1) }
        swarm.run(for: 1_000)
        let meeting = SwarmTests.open(&swarm)
        _ = try SwarmTests.talk(&swarm, in: meeting, rounds: 5)
        swarm.run(for: 10_000)
        swarm.weather.latency = 100...100
        // One that is far from done with its judging holds up nobody.
        swarm.weather.judging = 5_000...5_000
        let isMined = swarm.mine(0)
        #expect(isMined)
        swarm.run(for: 499)
        #expect(swarm.tip(5).hash != swarm.tip(0).hash)
        swarm.run(for: 10)
        #expect(swarm.agrees)
        #expect(swarm.members.allSatisfy { $0.sent[.getBlocks] == nil })
        #expect(swarm.members.allSatisfy { $0.sent[.getBlockEntries] == nil })
    }

    @Test("brings a block over five hops though no node has judged it before the last has it")
    func unjudgedHops() throws {
        var swarm = TestSwarm(on: SwarmTests.network, seed: 2)
        for _ in 0..<6 { try swarm.add() }
        for index in 0..<5 { swarm.introduce(index, to: index + 1) }
        swarm.run(for: 1_000)
        for index in 0..<6 {
            swarm.members[index].swallowed = [.inventory, .entries, .sketch, .buckets]
        }
        swarm.weather.latency = 100...100
        swarm.weather.judging = 5_000...5_000
        var host = TestAuthor("host", on: swarm.network)
        swarm.submit(host.open(), to: 0)
        swarm.mine(0)
        // Nobody was told of the entry, so it comes with the block.
        swarm.run(for: 509)
        #expect(swarm.members.prefix(5).allSatisfy { $0.sent[.compactBlock] == 1 })
        #expect(swarm.members.allSatisfy { $0.sent[.getBlockEntries] == nil })
        #expect(swarm.tip(1).header.height == .genesis)
        swarm.run(for: 5_000)
        #expect(swarm.agrees)
        #expect(swarm.tip(5).header.height == Height(1))
    }

    @Test(
        "loses no entry and no block to a fifth of all messages lost",
        arguments: [3, 4] as [UInt64]
    )
    func losses(seed: UInt64) throws {
        var swarm = try SwarmTests.ring(seed: seed)
        let meeting = SwarmTests.open(&swarm)
        swarm.weather.lossPerMille = 200
        swarm.scheduleMining(every: 2_000)
        let ids = try SwarmTests.talk(&swarm, in: meeting, rounds: 15)
        swarm.run(for: 60_000)
        swarm.isMining = false
        swarm.run(for: 60_000)
        for index in 0..<4 {
            let here = Set(try swarm.history(index))
            let waiting = ids.filter { !swarm.node(index).pooled(.entry($0)).isEmpty }
            #expect(here.union(waiting) == Set([meeting] + ids))
        }
        swarm.weather.lossPerMille = 0
        swarm.mine(0, count: 3, every: 1_000)
        #expect(swarm.run(atMost: 60_000) { $0.agrees })
        for index in 0..<4 {
            #expect(Set(try swarm.history(index)) == Set([meeting] + ids))
            #expect(
                !swarm.members[index].ends.contains { end in
                    if case .misbehavior = end { true } else { false }
                }
            )
        }
    }

    @Test("costs a node less than twice the bytes of an entry, all messages counted")
    func bytes() throws {
        var swarm = try Self.mesh(10, seed: 5)
        let meeting = SwarmTests.open(&swarm)
        swarm.run(for: 15_000)
        swarm.scheduleMining(every: 10_000)
        swarm.weighs = true
        var authors = (0..<50).map { TestAuthor("author \($0)", on: swarm.network) }
        var bare = 0
        let count = 1_000
        for number in 0..<count {
            let place = number % authors.count
            let text = String(repeating: "x", count: 200)
            let entry = authors[place].message(text, in: meeting)
            #expect(swarm.submit(entry, to: number % 10) == .success(entry.id))
            bare += entry.bytes.count
            swarm.run(for: swarm.below(200))
        }
        swarm.run(for: 30_000)
        #expect(swarm.agrees)
        #expect((0..<10).allSatisfy { swarm.node($0).status.pooledEntries == 0 })
        let all = swarm.members.reduce(0) { $0 + $1.sentBytes.values.reduce(0, +) }
        #expect(all < 2 * 10 * bare)
    }
}
