import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("Initial sync from bad peers") struct StalledSyncTests {
    /// Givers with one chain of 200 blocks with entries, and a fresh node that knows them all.
    static func swarm(givers: Int, policy: NodePolicy = TestSwarm.policy) throws -> TestSwarm {
        var swarm = TestSwarm(on: SwarmTests.network, seed: 31)
        try swarm.add()
        var host = TestAuthor("host", on: swarm.network)
        let open = host.open()
        swarm.submit(open, to: 0)
        swarm.mine(0, count: 1)
        for number in 1..<200 {
            host.anchorHeight = swarm.tip(0).header.height
            swarm.submit(host.message("\(number)", in: open.id), to: 0)
            swarm.mine(0, count: 1)
        }
        #expect(swarm.tip(0).header.height == Height(200))
        let full = DurableCopy(of: swarm.members[0].store)
        for _ in 1..<givers { try swarm.add(store: full.restored()) }
        try swarm.add(policy: policy)
        return swarm
    }

    @Test("comes to its end with one honest peer of eight, whichever it is", arguments: [0, 3, 7])
    func stalling(honest: Int) throws {
        var policy = TestSwarm.policy
        policy.blockWindow = 64
        var swarm = try Self.swarm(givers: 8, policy: policy)
        for giver in 0..<8 where giver != honest { swarm.members[giver].swallowed = [.block] }
        for giver in 0..<8 { swarm.introduce(8, to: giver) }
        let start = swarm.now
        #expect(swarm.run(atMost: 600_000) { $0.tip(8) == $0.tip(0) })
        // Seven stalls of 2, 4, … 64, 64 s at most.
        #expect(swarm.now.since(start) < 200_000)
        #expect(try swarm.history(8) == swarm.history(0))
        #expect(
            swarm.members[8].ends.allSatisfy { $0 == .timeout("stall") || $0 == .timeout("block") }
        )
    }

    @Test("is hardly slower beside one peer that gives no block")
    func oneOfFour() throws {
        for stalled in 0..<4 {
            var swarm = try Self.swarm(givers: 4)
            swarm.members[stalled].swallowed = [.block]
            for giver in 0..<4 { swarm.introduce(4, to: giver) }
            let start = swarm.now
            #expect(swarm.run(atMost: 600_000) { $0.tip(4) == $0.tip(0) })
            #expect(swarm.now.since(start) < 20_000)
        }
    }

    @Test(
        "does not wait for a peer that gives a kilobyte a second",
        arguments: [1, 2] as [PeerHandle]
    )
    func slow(slow: PeerHandle) throws {
        let text = String(repeating: "a long message ", count: 700)
        let chain = DownloadBench.chain(60, text: text)
        var policy = TestSwarm.policy
        policy.blockBytes = 300_000
        policy.blockWindow = 24
        var download = try DownloadBench(chain, peers: 2, policy: policy)
        let start = download.bench.now
        var pending: (hash: Digest, milliseconds: UInt64)?
        while !download.isDone, download.bench.now.since(start) < 600_000 {
            download.giveAll(by: 3 - slow)
            if let next = pending, next.milliseconds == 0 {
                download.give(next.hash, by: slow)
                pending = nil
            }
            if pending == nil, let hash = download.owed[slow]?.first {
                pending = (hash, 10_000)
            }
            download.wait(1_000)
            pending?.milliseconds -= 1_000
            if download.bench.ended[slow] != nil { pending = nil }
        }
        #expect(download.isDone)
        #expect(download.bench.ended == [slow: .timeout("stall")])
        #expect(download.bench.now.since(start) <= 4_000)
    }
}
