import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

/// Behaviors 36 and 37: compact blocks.
@Suite("A node whose peers push bad compact blocks") struct HostileCompactTests {
    @Test("36 fetches a block whole whose short ids are all the same")
    func equalIdentifiers() throws {
        var push = try PushBench(peers: [1, 2])
        let entries = push.entries(3)
        let block = push.chain.append(entries)
        let same = [ShortID](repeating: ShortID(truncating: 5), count: 3)
        push.bench.receive(push.compact(block, identifiers: same), from: 1)
        #expect(push.bench.take(.getBlocks, to: 1) == [.getBlocks([block.hash])])
        push.bench.step(.disconnected(1))
        #expect(push.bench.take(.getBlocks, to: 2).isEmpty)
        push.bench.receive(try push.compact(block), from: 2)
        let asked = push.bench.take(.getBlockEntries, to: 2)
        #expect(asked == [.getBlockEntries(block: block.hash, indexes: [0, 1, 2])])
        push.bench.receive(.blockEntries(block: block.hash, entries), from: 2)
        #expect(push.bench.node.status.tip.hash == block.hash)
    }

    @Test("37 gets a block elsewhere whose pusher keeps its entries")
    func withheldEntries() throws {
        var push = try PushBench(peers: [1, 2])
        let entries = push.entries(3)
        let block = push.chain.append(entries)
        push.bench.receive(try push.compact(block), from: 1)
        #expect(push.bench.take(.getBlockEntries, to: 1).count == 1)
        push.bench.receive(try push.compact(block), from: 2)
        push.bench.wait(3_000)
        push.bench.receive(.blockEntries(block: block.hash, entries), from: 2)
        if case .getBlocks(let hashes)? = push.bench.take(.getBlocks, to: 2).first {
            #expect(hashes == [block.hash])
            push.giveBody(from: 2)
        }
        #expect(push.bench.node.status.tip.hash == block.hash)
        #expect(push.bench.ended[2] == nil)
    }
}
