import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("The header of a pushed block") struct CompactHeaderRulesTests {
    @Test("is wanted with those before it when it connects to nothing") func unconnected() throws {
        var push = try PushBench()
        push.chain.append()
        push.chain.append(push.entries(1))
        for count in 1...11 {
            #expect(push.bench.ended.isEmpty)
            try push.push(1)
            #expect(push.bench.take(.getHeaders, to: 1).count == 1)
            guard count < 11 else { break }
            push.bench.receive(
                TestBench.headers([TestBlock](), after: push.chain.blocks[0]),
                from: 1
            )
        }
        #expect(push.bench.ended == [1: .misbehavior(.unconnectedHeaders)])
    }

    @Test("is refused without its work") func work() throws {
        var push = try PushBench()
        let block = push.chain.append(push.entries(1))
        var header = block.header.header
        while push.bench.network.parameters.targetLimit.isMet(by: header.hash) { header.nonce += 1 }
        let wrong = push.compact(block, header: header, identifiers: [ShortID(truncating: 1)])
        push.bench.receive(wrong, from: 1)
        #expect(push.bench.ended == [1: .misbehavior(.invalidHeader)])
        #expect(push.bench.node.status.bestHeaderHeight == Height(1))
    }

    @Test("is refused at another height than its parent's next") func height() throws {
        var push = try PushBench()
        push.chain.append(push.entries(1))
        guard case .compactBlock(let block) = try push.compact(push.chain.tip) else { return }
        let wrong = CompactBlock(
            height: Height(3),
            parent: block.parent,
            header: block.header,
            salt: block.salt,
            identifiers: block.identifiers,
            prefilled: []
        )
        push.bench.receive(.compactBlock(wrong), from: 1)
        #expect(push.bench.ended == [1: .misbehavior(.invalidHeader)])
    }

    @Test("is held without blame when it is too new") func tooNew() throws {
        var push = try PushBench()
        push.chain.append(push.entries(1), delay: 20_000_000)
        try push.push(1)
        #expect(push.bench.ended.isEmpty)
        #expect(push.types(to: 1).isEmpty)
        #expect(push.bench.node.status.bestHeaderHeight == Height(1))
        // More than a minute ahead, it is asked for again in a minute.
        push.bench.wait(59_000)
        #expect(push.bench.take(.getHeaders, to: 1).isEmpty)
        push.bench.wait(1_000)
        #expect(push.bench.take(.getHeaders, to: 1).count == 1)
    }

    @Test("is passed over when it leads no further")
    func lowWork() throws {
        var push = try PushBench()
        let fork = push.chain
        push.chain.append(push.entries(1))
        try push.push(1, prefilled: [0])
        #expect(push.isThere)
        var other = push
        other.chain = fork
        other.chain.append(other.entries(1), delay: 3_000)
        push.bench.sent = []
        push.bench.receive(try other.compact(other.chain.tip), from: 2)
        #expect(push.bench.sent.isEmpty)
        push.bench.receive(
            .headers(HeaderBatch(start: Height(3), parent: other.chain.tip.hash, items: [])),
            from: 2
        )
        #expect(push.bench.take(.getHeaders, to: 2).count == 1, "the branch was not remembered")
        #expect(push.bench.ended.isEmpty)
    }

    @Test("answers no request for headers") func noAnswer() throws {
        var push = try PushBench(peers: [1])
        let far = push.chain.child(of: push.chain.tip, entries: [], delay: 9_000)
        push.bench.greet(2, isInbound: false, tip: far)
        #expect(push.bench.take(.getHeaders, to: 2).count == 1)
        push.chain.append(push.entries(1))
        try push.push(2, prefilled: [0])
        #expect(push.isThere)
        push.bench.wait(30_000)
        #expect(push.bench.ended[2] == .timeout("headers"))
    }

    @Test("has no place before a hello") func outOfTurn() throws {
        var push = try PushBench()
        push.chain.append(push.entries(1))
        push.bench.connect(7)
        try push.push(7)
        #expect(push.bench.ended == [7: .misbehavior(.outOfTurn)])
        for (peer, message) in [
            (8, Message.relayMode(.push)),
            (9, .getBlockEntries(block: push.chain.tip.hash, indexes: [0])),
            (10, .blockEntries(block: push.chain.tip.hash, push.chain.tip.body.entries)),
        ] as [(PeerHandle, Message)] {
            push.bench.connect(peer)
            push.bench.receive(message, from: peer)
            #expect(push.bench.ended[peer] == .misbehavior(.outOfTurn))
        }
    }
}
