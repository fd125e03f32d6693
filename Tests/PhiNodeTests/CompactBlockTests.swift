import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("A pushed block") struct CompactBlockTests {
    private func expectNothingReserved(
        _ push: PushBench,
        location: SourceLocation = #_sourceLocation
    ) {
        let node = push.bench.node
        let isFree =
            node.reservedBytes == 0 && node.reserved.isEmpty && node.requested.isEmpty
            && node.assemblies.isEmpty && node.ready.isEmpty
            && node.peers.values.allSatisfy(\.blocks.isEmpty)
        #expect(isFree, sourceLocation: location)
    }

    @Test("is connected without a further word when its entries are known")
    func known() throws {
        var push = try PushBench()
        let entries = push.entries(3)
        for entry in entries { #expect(try push.bench.submit(entry) == .success(entry.id)) }
        push.chain.append(entries)
        push.bench.sent = []
        try push.push(1)
        #expect(push.isThere)
        #expect(push.types(to: 1).isEmpty)
        #expect(push.types(to: 2) == [.compactBlock])
        expectNothingReserved(push)
    }

    @Test("is connected after one round trip when entries are missing")
    func missing() throws {
        var push = try PushBench()
        let entries = push.entries(4)
        for entry in entries.prefix(2) {
            #expect(try push.bench.submit(entry) == .success(entry.id))
        }
        // Time to be told of the two, and time in which they would be fetched.
        push.bench.wait(2_000)
        push.chain.append(entries)
        push.bench.sent = []
        try push.push(1)
        #expect(!push.isThere)
        #expect(push.bench.node.reservedBytes == UInt64(push.chain.tip.body.byteCount))
        #expect(
            push.bench.take(.getBlockEntries, to: 1)
                == [.getBlockEntries(block: push.chain.tip.hash, indexes: [2, 3])]
        )
        push.give([2, 3], from: 2)
        #expect(!push.isThere)
        push.give([2, 3], from: 1)
        #expect(push.isThere)
        #expect(push.types(to: 1).isEmpty)
        guard case .compactBlock(let passed)? = push.bench.take(.compactBlock, to: 2).first else {
            Issue.record("the block is passed on")
            return
        }
        #expect(passed.prefilled.map(\.index) == [2, 3])
        #expect(push.types(to: 2).isEmpty)
        expectNothingReserved(push)
    }

    @Test("brings entries that its pusher guesses to be missing") func prefilled() throws {
        var push = try PushBench()
        push.chain.append(push.entries(3))
        try push.push(1, prefilled: [0, 1, 2])
        #expect(push.isThere)
        expectNothingReserved(push)
    }

    @Test("uses entries that are being judged, and those that wait for others")
    func atHand() throws {
        var push = try PushBench()
        let entries = push.entries(3)
        push.bench.receive(.inventory([entries[1].leaf, entries[2].leaf]), from: 2)
        push.bench.receive(.entries([entries[1]]), from: 2)
        push.bench.judgesAtOnce = false
        push.bench.receive(.entries([entries[2]]), from: 2)
        #expect(push.bench.node.status.pooledEntries == 0)
        push.chain.append(entries)
        try push.push(1, prefilled: [0])
        #expect(push.bench.take(.getBlockEntries, to: 1).isEmpty)
        push.bench.answerQuestions()
        #expect(push.isThere)
    }

    @Test("comes whole from another peer when its pusher keeps what is missing")
    func silence() throws {
        var push = try PushBench()
        push.chain.append(push.entries(2))
        try push.push(1, 2)
        #expect(push.bench.take(.getBlockEntries, to: 1).count == 1)
        #expect(push.bench.take(.getBlockEntries, to: 2).isEmpty)
        push.bench.wait(1_999)
        #expect(push.bench.take(.getBlocks, to: 2).isEmpty)
        push.bench.wait(1)
        #expect(push.bench.take(.getBlocks, to: 2) == [.getBlocks([push.chain.tip.hash])])
        #expect(push.bench.take(.getBlocks, to: 1).isEmpty)
        push.give([0, 1], from: 1)
        #expect(!push.isThere)
        push.giveBody(from: 2)
        #expect(push.isThere)
        #expect(push.bench.ended.isEmpty)
        expectNothingReserved(push)
    }

    @Test("comes whole from its pusher when nobody else has it") func loneSilence() throws {
        var push = try PushBench()
        push.chain.append(push.entries(2))
        try push.push(1)
        push.bench.wait(2_000)
        #expect(push.bench.take(.getBlocks, to: 1) == [.getBlocks([push.chain.tip.hash])])
        push.giveBody(from: 1)
        #expect(push.isThere)
        expectNothingReserved(push)
    }

    @Test("comes from another peer when its pusher leaves or has it no more", arguments: 0..<2)
    func loss(way: Int) throws {
        var push = try PushBench()
        push.chain.append(push.entries(2))
        try push.push(1, 2)
        push.bench.step(
            way == 0
                ? .disconnected(1) : .received(1, .missingBlocks([push.chain.tip.hash]))
        )
        #expect(push.bench.take(.getBlocks, to: 2) == [.getBlocks([push.chain.tip.hash])])
        push.giveBody(from: 2)
        #expect(push.isThere)
        expectNothingReserved(push)
    }

    @Test("is taken from a second pusher who brings what the first keeps")
    func secondPusher() throws {
        var push = try PushBench()
        push.chain.append(push.entries(2))
        try push.push(1)
        try push.push(2, prefilled: [0, 1])
        #expect(push.isThere)
        #expect(push.bench.ended.isEmpty)
        expectNothingReserved(push)
    }

    @Test("may come whole instead of its missing entries") func wholeAnswer() throws {
        var push = try PushBench()
        push.chain.append(push.entries(2))
        try push.push(1)
        push.giveBody(from: 1)
        #expect(push.isThere)
        expectNothingReserved(push)
    }

    @Test("is fetched whole without blame when its short ids collide", arguments: 0..<3)
    func collision(way: Int) throws {
        var push = try PushBench()
        let entries = push.entries(2)
        for entry in entries { #expect(try push.bench.submit(entry) == .success(entry.id)) }
        let block = push.chain.append(entries)
        let right = try ShortID.of(entries.map(\.leaf), header: block.header.header, salt: 7)
        // Twice the same; the wrong order, as if two entries had each other's; one nowhere.
        let wrong = [
            [right[0], right[0]], [right[1], right[0]], [right[0], ShortID(truncating: 5)],
        ][way]
        push.bench.receive(push.compact(block, identifiers: wrong), from: 1)
        if way == 2 {
            push.bench.wait(2_000)
        }
        #expect(push.bench.take(.getBlocks, to: 1) == [.getBlocks([block.hash])])
        push.giveBody(from: 1)
        #expect(push.isThere)
        #expect(push.bench.ended.isEmpty)
        expectNothingReserved(push)
    }

    @Test("is taken from a second pusher when the first one's led nowhere", arguments: [1, 2])
    func secondAfterCollision(known: Int) throws {
        var push = try PushBench()
        let entries = push.entries(2)
        for entry in entries[..<known] {
            #expect(try push.bench.submit(entry) == .success(entry.id))
        }
        let block = push.chain.append(entries)
        let twice = Array(repeating: ShortID(truncating: 5), count: 2)
        push.bench.receive(push.compact(block, identifiers: twice), from: 1)
        #expect(push.bench.take(.getBlocks, to: 1) == [.getBlocks([block.hash])])
        try push.push(2)
        #expect(push.bench.take(.getBlockEntries, to: 2).count == 2 - known)
        push.giveBody(from: 1)
        if known == 1 {
            #expect(!push.isThere)
            push.give([1], from: 2)
        }
        #expect(push.isThere)
        #expect(push.bench.ended.isEmpty)
        expectNothingReserved(push)
    }

    @Test("is not taken from its pusher because of another's collision") func intruder() throws {
        var push = try PushBench()
        let entries = push.entries(2)
        #expect(try push.bench.submit(entries[0]) == .success(entries[0].id))
        let block = push.chain.append(entries)
        try push.push(1)
        #expect(push.bench.take(.getBlockEntries, to: 1).count == 1)
        let twice = Array(repeating: ShortID(truncating: 5), count: 2)
        push.bench.receive(push.compact(block, identifiers: twice), from: 2)
        #expect(push.bench.take(.getBlocks, to: 2).isEmpty)
        push.give([1], from: 1)
        #expect(push.isThere)
        #expect(push.bench.ended.isEmpty)
        expectNothingReserved(push)
    }

    @Test("is not completed by entries that are not its own", arguments: 0..<3)
    func mutation(way: Int) throws {
        var push = try PushBench()
        push.chain.append(push.entries(2))
        try push.push(1, 2)
        var entries = push.chain.tip.body.entries
        switch way {
        case 0: entries.removeLast()
        case 1: entries.swapAt(0, 1)
        default:
            var bytes = entries[0].bytes
            bytes[bytes.count - 1] ^= 1
            entries[0] = try Entry(decoding: bytes, payloadLimit: 32_768)
        }
        push.bench.receive(.blockEntries(block: push.chain.tip.hash, entries), from: 1)
        #expect(push.bench.ended == [1: .misbehavior(.mutatedBody)])
        #expect(push.bench.take(.getBlocks, to: 2) == [.getBlocks([push.chain.tip.hash])])
        push.giveBody(from: 2)
        #expect(push.isThere)
        expectNothingReserved(push)
    }

    @Test("is refused with whole entries whose payload is another") func prefilledPayload() throws {
        var push = try PushBench()
        var bytes = push.entries(1)[0].bytes
        bytes[bytes.count - 1] ^= 1
        push.chain.append([try Entry(decoding: bytes, payloadLimit: 32_768)])
        try push.push(1, prefilled: [0])
        #expect(push.bench.ended == [1: .misbehavior(.mutatedBody)])
    }

    @Test("is bounded by what may be under way", arguments: 0..<3) func limits(way: Int) throws {
        var policy = TestSwarm.policy
        if way == 0 { policy.assembliesPerPeer = 1 }
        if way == 1 { policy.assemblies = 1 }
        var push = try PushBench(policy: policy)
        push.chain.append(push.entries(2))
        try push.push(1)
        #expect(push.bench.take(.getBlockEntries, to: 1).count == 1)
        let first = push.chain.tip
        push.chain.append(push.entries(1))
        try push.push(1)
        let second = push.chain.tip.hash
        #expect(push.bench.take(.getBlockEntries, to: 1).count == (way == 2 ? 1 : 0))
        #expect(push.bench.take(.getBlocks, to: 1) == (way == 2 ? [] : [.getBlocks([second])]))
        push.bench.receive(.blockEntries(block: first.hash, first.body.entries), from: 1)
        #expect(push.bench.node.status.tip == first.header)
        if way == 2 { push.give([0], from: 1) } else { push.giveBody(from: 1) }
        #expect(push.isThere)
        expectNothingReserved(push)
    }

    @Test("is not followed past the bytes that may be under way", arguments: [0, 1] as [UInt64])
    func reservation(surplus: UInt64) throws {
        var entries = try PushBench()
        let bytes = entries.entries(3).map { UInt64($0.bytes.count) }
        var policy = TestSwarm.policy
        policy.blockBytes = bytes[0] + bytes[1] + bytes[2] - 1 + surplus
        var push = try PushBench(policy: policy)
        push.chain.append(push.entries(2))
        try push.push(1)
        push.chain.append(push.entries(1))
        try push.push(1)
        let asked = push.bench.take(.getBlockEntries, to: 1).count
        #expect(asked == (surplus == 1 ? 2 : 1))
        #expect(push.bench.take(.getBlocks, to: 1).isEmpty)
        #expect(push.bench.node.reservedBytes <= policy.blockBytes)
    }
}
