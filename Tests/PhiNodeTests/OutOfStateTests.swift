import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A message out of its state") struct OutOfStateTests {
    /// A chain whose second block opens a meeting.
    private static let chain = MisbehaviorTests.chain()
    private static let someDigest = SHA256.hash([1])
    /// Types that answer a question.
    private static let answers: [MessageType] = [
        .pong, .peers, .headers, .block, .missingBlocks, .entries, .missingEntries, .blockEntries,
    ]

    /// A good message of a type.
    private func message(_ type: MessageType, _ bench: TestBench) throws -> Message {
        let block = Self.chain.blocks[2]
        let entry = block.body.entries[0]
        switch type {
        case .hello: return .hello(bench.hello())
        case .ping: return .ping(Ping(nonce: 1, tip: bench.hello().tip))
        case .pong: return .pong(nonce: 1)
        case .record: return .record(try record(bench))
        case .getPeers: return .getPeers(maximum: 1)
        case .peers: return .peers([try record(bench)])
        case .getHeaders: return .getHeaders([bench.network.chain])
        case .headers:
            return .headers(HeaderBatch(start: Height(1), parent: bench.network.chain, items: []))
        case .getBlocks: return .getBlocks([Self.someDigest])
        case .block: return .block(hash: block.hash, body: block.body.encoded)
        case .missingBlocks: return .missingBlocks([block.hash])
        case .inventory: return .inventory([entry.leaf])
        case .getEntries: return .getEntries([entry.leaf])
        case .entries: return .entries([entry])
        case .missingEntries: return .missingEntries([entry.leaf])
        case .sketch: return .sketch(Reconciliation.sketch(of: [], logarithm: 0))
        case .buckets: return .buckets(try listing(entry.leaf))
        case .compactBlock: return .compactBlock(try compact(block))
        case .getBlockEntries: return .getBlockEntries(block: block.hash, indexes: [0])
        case .blockEntries: return .blockEntries(block: block.hash, [entry])
        case .relayMode: return .relayMode(.push)
        }
    }

    private func record(_ bench: TestBench) throws -> NodeRecord {
        let draft = NodeRecordDraft(
            flags: [.full, .dialable],
            signedAt: bench.now,
            validity: 3_600_000,
            servesFrom: .genesis,
            addresses: [PeerAddress(version4: 0x0a00_0001, port: 1)]
        )
        let key = try SigningKey(seed: TestKey("peer 1").seed)
        return try draft.signed(by: key, chain: bench.network.chain)
    }

    private func listing(_ leaf: Digest) throws -> BucketListing {
        let empty = Reconciliation.sketch(of: [], logarithm: 0)
        return try #require(Reconciliation.answer(to: empty, with: [leaf]).first)
    }

    private func compact(_ block: TestBlock) throws -> CompactBlock {
        let parent = Self.chain.blocks[1]
        let header = CompactHeader(
            block.header.header,
            after: parent.header.header.time,
            minimumSpacing: TestBench.network.parameters.minimumSpacing
        )
        return CompactBlock(
            height: block.height,
            parent: parent.hash,
            header: try #require(header),
            salt: 1,
            identifiers: try ShortID.of(
                block.body.entries.map(\.leaf),
                header: block.header.header,
                salt: 1
            ),
            prefilled: []
        )
    }

    @Test("ends the connection when it comes before hello", arguments: MessageType.allCases)
    func beforeHello(type: MessageType) throws {
        var bench = try TestBench()
        bench.connect(1)
        bench.sent = []
        bench.receive(try message(type, bench), from: 1)
        if type == .hello {
            #expect(bench.ended[1] == nil)
        } else {
            #expect(bench.ended[1] == .misbehavior(.outOfTurn))
            #expect(bench.sent.isEmpty)
        }
    }

    @Test("ends the connection when it is a second hello, whatever came between")
    func secondHello() throws {
        for isInbound in [true, false] {
            var bench = try TestBench()
            bench.greet(1, isInbound: isInbound)
            for type in MessageType.allCases where type != .hello {
                bench.receive(try message(type, bench), from: 1)
                #expect(bench.ended[1] == nil, "\(type)")
            }
            bench.receive(.hello(bench.hello()), from: 1)
            #expect(bench.ended[1] == .misbehavior(.outOfTurn))
        }
    }

    @Test("is passed over when it answers what nobody asked", arguments: answers)
    func unasked(type: MessageType) throws {
        var bench = try TestBench()
        bench.greet(1)
        let before = bench.node.status
        bench.sent = []
        for _ in 0..<100 { bench.receive(try message(type, bench), from: 1) }
        #expect(bench.ended[1] == nil)
        #expect(bench.sent.isEmpty)
        #expect(bench.node.status.tip == before.tip)
        #expect(bench.node.status.bestHeaderHeight == before.bestHeaderHeight)
        #expect(bench.node.status.pooledEntries == 0)
    }

    @Test("is passed over when another peer was asked", arguments: [MessageType.block, .entries])
    func othersAnswer(type: MessageType) throws {
        var bench = try TestBench()
        bench.greet(1, tip: Self.chain.tip)
        bench.receive(Self.chain.message(), from: 1)
        bench.receive(try message(.inventory, bench), from: 1)
        bench.greet(2)
        let before = bench.node.status
        bench.receive(try message(type, bench), from: 2)
        #expect(bench.ended[2] == nil)
        #expect(bench.node.status.tip == before.tip)
        #expect(bench.node.status.pooledEntries == 0)
        let block = Self.chain.blocks[2]
        bench.receive(.block(hash: block.hash, body: block.body.encoded), from: 1)
        #expect(bench.node.status.tip.hash == Self.chain.tip.hash)
    }

    @Test("is passed over when its connection is over", arguments: MessageType.allCases)
    func afterTheEnd(type: MessageType) throws {
        var bench = try TestBench()
        bench.greet(1)
        bench.step(.disconnected(1))
        bench.sent = []
        bench.receive(try message(type, bench), from: 1)
        #expect(bench.sent.isEmpty)
        #expect(bench.ended[1] == nil)
    }
}
