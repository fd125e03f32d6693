import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("The relay of entries") struct EntryRelayTests {
    private func leaves(_ range: Range<Int>) -> [Digest] {
        range.map { number in
            var bytes: [UInt8] = []
            bytes.append(littleEndian: UInt32(number))
            return SHA256.hash(bytes)
        }
    }

    private func asked(_ bench: inout TestBench, of peer: PeerHandle) -> [Digest] {
        bench.take(.getEntries, to: peer).flatMap { message in
            guard case .getEntries(let leaves) = message else { return [] as [Digest] }
            return leaves
        }
    }

    @Test("has at most a hundred entries under way from a peer", arguments: [99, 100, 101])
    func inFlight(count: Int) throws {
        var bench = try TestBench()
        bench.greet(1)
        let leaves = leaves(0..<count)
        bench.receive(.inventory(leaves), from: 1)
        #expect(asked(&bench, of: 1) == Array(leaves.prefix(100)))
        bench.receive(.missingEntries([leaves[0]]), from: 1)
        #expect(asked(&bench, of: 1) == Array(leaves.dropFirst(100)))
    }

    @Test("remembers at most 5,000 announcements of a peer beside those under way")
    func announcements() throws {
        var bench = try TestBench()
        bench.greet(1)
        for batch in 0..<6 {
            let range = batch * 1_000..<(batch + 1) * 1_000
            bench.receive(.inventory(leaves(range)), from: 1)
        }
        #expect(bench.node.wanted.count == 5_100)
        bench.greet(2)
        bench.receive(.inventory(leaves(7_000..<7_010)), from: 2)
        // A step looks at a part of a flood alone, but in turn.
        for _ in 0..<3 { bench.step(.tick) }
        #expect(asked(&bench, of: 2).count == 10)
    }

    @Test(
        "asks a second peer after two seconds, and not before",
        arguments: [1_999, 2_000] as [UInt64]
    )
    func secondPeer(milliseconds: UInt64) throws {
        var bench = try TestBench()
        bench.greet(1)
        bench.greet(2)
        let leaves = leaves(0..<3)
        bench.receive(.inventory(leaves), from: 1)
        bench.receive(.inventory(leaves), from: 2)
        #expect(asked(&bench, of: 1) == leaves)
        bench.now = bench.now.adding(milliseconds: milliseconds)
        bench.step(.tick)
        #expect(Set(asked(&bench, of: 2)) == (milliseconds == 2_000 ? Set(leaves) : []))
    }

    @Test("announces what comes within one delay at once, and each peer on its own time")
    func batches() throws {
        var policy = NodePolicy()
        policy.isLocal = true
        var push = try PushBench(policy: policy, peers: [1, 2, 3])
        let entries = push.entries(5)
        for entry in entries { #expect(try push.bench.submit(entry) == .success(entry.id)) }
        #expect(push.bench.take(.inventory, to: 1).isEmpty)
        var times: [PeerHandle: Timestamp] = [:]
        for _ in 0..<900 {
            push.bench.now = push.bench.now.adding(milliseconds: 1)
            push.bench.step(.tick)
            for peer in 1...3 as ClosedRange<PeerHandle> {
                let found = push.bench.take(.inventory, to: peer)
                guard !found.isEmpty else { continue }
                #expect(found == [.inventory(entries.map(\.leaf))])
                #expect(times.updateValue(push.bench.now, forKey: peer) == nil)
            }
        }
        #expect(times.count == 3)
        #expect(Set(times.values).count > 1)
    }

    @Test(
        "waits so long on average as the policy says, memorylessly",
        arguments: [100, 200] as [UInt64]
    )
    func delays(mean: UInt64) {
        var chance = SeededChance(seed: 3)
        let draws = (0..<50_000).map { _ in chance.delay(mean: mean) }
        let average = draws.reduce(0, +) / UInt64(draws.count)
        #expect((mean * 49 / 50...mean * 51 / 50).contains(average))
        // Of those that last longer than the mean, the rest lasts as long again.
        let late = draws.filter { $0 >= mean }.map { $0 - mean }
        let rest = late.reduce(0, +) / UInt64(max(1, late.count))
        #expect((mean * 19 / 20...mean * 21 / 20).contains(rest))
        #expect(draws.allSatisfy { $0 <= 8 * mean })
    }
}
