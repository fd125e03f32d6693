import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("A block that is passed on before it is judged") struct UnjudgedBlockTests {
    /// A node that was pushed a block with a forged entry, whose judges wait.
    static func pushed() throws -> PushBench {
        var push = try PushBench(peers: [1, 2, 3])
        push.chain.append([try push.forgery()])
        push.bench.judgesAtOnce = false
        try push.push(1, prefilled: [0])
        return push
    }

    @Test("goes to the other peers at once, and not to those that called and never asked")
    func forward() throws {
        var push = try PushBench(peers: [1, 2])
        push.bench.greet(5, tip: push.chain.tip)
        push.bench.greet(6, tip: push.chain.tip)
        push.bench.receive(.relayMode(.push), from: 6)
        push.bench.receive(.relayMode([]), from: 2)
        push.bench.greet(7, isInbound: false, tip: push.chain.tip)
        push.chain.append(push.entries(1))
        push.bench.judgesAtOnce = false
        push.bench.sent = []
        try push.push(1, prefilled: [0])
        #expect(!push.isThere)
        #expect(push.types(to: 6) == [.compactBlock])
        #expect(push.types(to: 7) == [.compactBlock])
        #expect([1, 2, 5].allSatisfy { push.types(to: $0).isEmpty })
        push.bench.sent = []
        push.bench.answerQuestions()
        #expect(push.isThere)
        #expect(push.types(to: 2) == [.headers])
        #expect(push.types(to: 5) == [.headers])
        #expect([1, 6, 7].allSatisfy { push.types(to: $0).isEmpty })
    }

    @Test("is condemned without blame when a signature is wrong") func forged() throws {
        var push = try Self.pushed()
        #expect(push.types(to: 2) == [.compactBlock])
        let tip = push.bench.node.status.tip
        push.bench.answerQuestions()
        #expect(push.bench.node.status.tip == tip)
        #expect(push.bench.node.status.bestHeaderHeight == Height(1))
        #expect(push.bench.ended.isEmpty)
        push.bench.sent = []
        try push.push(1, 2, prefilled: [0])
        try push.push(3)
        #expect(push.bench.ended.isEmpty)
        #expect(push.bench.sent.isEmpty)
        #expect(push.bench.questions.isEmpty)
        push.chain.append(push.entries(1))
        try push.push(2, prefilled: [0])
        #expect(push.bench.ended == [2: .misbehavior(.invalidHeader)])
        #expect(push.bench.node.reservedBytes == 0)
    }

    @Test("is condemned without blame when an entry has no place") func misplaced() throws {
        var push = try PushBench()
        var stranger = TestAuthor("stranger", on: TestBench.network)
        push.chain.append([stranger.message("nowhere", in: .zero)])
        try push.push(1, prefilled: [0])
        #expect(push.bench.node.status.bestHeaderHeight == Height(1))
        #expect(push.bench.ended.isEmpty)
    }

    @Test("brings no blame on whoever gives it whole either") func wholeBody() throws {
        var push = try PushBench()
        let block = push.chain.append([try push.forgery()])
        push.bench.receive(push.compact(block, identifiers: [ShortID(truncating: 1)]), from: 1)
        push.bench.wait(2_000)
        #expect(push.bench.take(.getBlocks, to: 1).count == 1)
        push.giveBody(from: 1)
        #expect(push.bench.node.status.bestHeaderHeight == Height(1))
        #expect(push.bench.ended.isEmpty)
    }

    @Test("can be asked for its entries and as a whole until it is condemned")
    func served() throws {
        var push = try Self.pushed()
        let block = push.chain.tip
        push.bench.receive(.getBlockEntries(block: block.hash, indexes: [0]), from: 2)
        push.bench.receive(.getBlocks([block.hash]), from: 2)
        #expect(
            push.bench.take(.blockEntries, to: 2)
                == [.blockEntries(block: block.hash, block.body.entries)]
        )
        #expect(
            push.bench.take(.block, to: 2)
                == [.block(hash: block.hash, body: block.body.encoded)]
        )
        push.bench.answerQuestions()
        push.bench.receive(.getBlockEntries(block: block.hash, indexes: [0]), from: 2)
        push.bench.receive(.getBlocks([block.hash]), from: 2)
        #expect(push.bench.take(.missingBlocks, to: 2).count == 2)
    }

    @Test(
        "never reaches those who are not pushed to, and parts nobody",
        arguments: [1, 2] as [UInt64]
    )
    func swarm(seed: UInt64) throws {
        var swarm = try SwarmTests.ring(seed: seed)
        swarm.weather.judging = 400...500
        var chain = TestChain(on: swarm.network)
        var host = TestAuthor("host", on: swarm.network)
        var bytes = host.open().bytes
        bytes[210] ^= 1
        let block = chain.append([try Entry(decoding: bytes, payloadLimit: 32_768)])
        let compact = CompactHeader(
            block.header.header,
            after: swarm.network.genesis.time,
            minimumSpacing: swarm.network.parameters.minimumSpacing
        )
        let pushed = CompactBlock(
            height: block.height,
            parent: swarm.network.chain,
            header: try #require(compact),
            salt: 1,
            identifiers: [],
            prefilled: [CompactBlock.Prefilled(index: 0, entry: block.body.entries[0])]
        )
        let link = try #require(swarm.members[0].links.min())
        let handle = swarm.links[link]?.dialer == 0 ? link * 2 : link * 2 + 1
        swarm.step(0, .received(handle, .compactBlock(pushed)))
        swarm.run(for: 10_000)
        for index in 0..<4 {
            #expect(swarm.node(index).status.bestHeaderHeight == .genesis)
            #expect(swarm.members[index].ends.isEmpty)
            #expect(swarm.node(index).status.peers.count == 2)
        }
        #expect((0..<4).contains { swarm.members[$0].sent[.compactBlock] != nil })
        swarm.mine(0, count: 3)
        swarm.run(for: 2_000)
        #expect(swarm.agrees)
        #expect(swarm.tip(3).header.height == Height(3))
    }
}
