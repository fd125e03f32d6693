import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A node with bad peers") struct MisbehaviorTests {
    /// A chain of three blocks, the second with a meeting and a message.
    static func chain() -> TestChain {
        var chain = TestChain(on: TestBench.network)
        var host = TestAuthor("host", on: TestBench.network)
        let open = host.open()
        chain.append()
        chain.append([open, host.message("one", in: open.id)])
        chain.append()
        return chain
    }

    private func isDiscouraged(_ peer: PeerHandle, by bench: inout TestBench) -> Bool {
        bench.connect(9_999, as: "peer \(peer)")
        defer { bench.step(.disconnected(9_999)) }
        return bench.ended.removeValue(forKey: 9_999) == .discouraged
    }

    @Test("ends connections that do not begin with one hello")
    func hello() throws {
        var bench = try TestBench()
        bench.greet(1)
        #expect(bench.ended[1] == nil)
        bench.receive(.hello(bench.hello()), from: 1)
        #expect(bench.ended[1] == .misbehavior(.outOfTurn))
        #expect(isDiscouraged(1, by: &bench))
        bench.connect(2)
        bench.receive(.getPeers(maximum: 1), from: 2)
        #expect(bench.ended[2] == .misbehavior(.outOfTurn))
        bench.connect(3)
        bench.wait(9_000)
        #expect(bench.ended[3] == nil)
        bench.wait(1_000)
        #expect(bench.ended[3] == .timeout("hello"))
        #expect(!isDiscouraged(3, by: &bench))
    }

    @Test("parts from peers of other networks without blame")
    func otherNetwork() throws {
        var bench = try TestBench()
        bench.connect(1)
        bench.receive(
            .hello(bench.hello(chain: .zero, parameters: bench.network.parameters)),
            from: 1
        )
        #expect(bench.ended[1] == .otherNetwork)
        var parameters = bench.network.parameters
        parameters.expiry += 1
        bench.connect(2)
        bench.receive(
            .hello(bench.hello(chain: bench.network.chain, parameters: parameters)),
            from: 2
        )
        #expect(bench.ended[2] == .otherNetwork)
        #expect(!isDiscouraged(2, by: &bench))
    }

    @Test("discourages senders of bytes that are no message, not of unknown ones")
    func malformed() throws {
        var bench = try TestBench()
        bench.greet(1)
        bench.step(.malformed(1, .unknownType(99)))
        #expect(bench.ended[1] == nil)
        bench.step(.malformed(1, .bodyOverLimit(type: .ping, limit: 60, found: 61)))
        #expect(bench.ended[1] == .misbehavior(.malformedMessage))
    }

    @Test("discourages senders of headers without work")
    func headerWork() throws {
        var bench = try TestBench()
        var chain = Self.chain()
        bench.greet(1)
        let tip = chain.tip
        let child = chain.append()
        var header = child.header.header
        while bench.network.parameters.targetLimit.isMet(by: header.hash) { header.nonce += 1 }
        let compact = CompactHeader(header, after: tip.header.header.time, minimumSpacing: 1)
        bench.receive(chain.cut(at: Height(3)).message(), from: 1)
        let items = [try #require(compact)]
        bench.receive(
            .headers(HeaderBatch(start: Height(4), parent: tip.hash, items: items)),
            from: 1
        )
        #expect(bench.ended[1] == .misbehavior(.invalidHeader))
        bench.greet(2)
        guard case .headers(let batch) = chain.message() else { return }
        bench.receive(
            .headers(HeaderBatch(start: Height(2), parent: batch.parent, items: batch.items)),
            from: 2
        )
        #expect(bench.ended[2] == .misbehavior(.invalidHeader))
    }

    @Test("bears ten batches that connect to nothing, not eleven")
    func unconnected() throws {
        var bench = try TestBench()
        var chain = Self.chain()
        chain.grow(by: 30)
        bench.greet(1)
        let genesis = chain.blocks[0]
        for count in 1...11 {
            #expect(bench.ended[1] == nil)
            bench.receive(chain.message(above: Height(UInt32(10 + count))), from: 1)
            if count < 11 {
                #expect(bench.take(.getHeaders, to: 1).count == 1)
                bench.receive(TestBench.headers([TestBlock](), after: genesis), from: 1)
            }
        }
        #expect(bench.ended[1] == .misbehavior(.unconnectedHeaders))
    }

    @Test("bears any number of them from a peer that shows where its branch came from")
    func explained() throws {
        var bench = try TestBench()
        var chain = TestChain(on: bench.network)
        chain.grow(by: 2)
        bench.greet(1)
        bench.receive(chain.message(), from: 1)
        for _ in 0..<20 {
            let height = chain.tip.height
            chain.grow(by: 2)
            bench.receive(chain.message(above: height.next ?? height), from: 1)
            #expect(bench.take(.getHeaders, to: 1).count == 1)
            bench.receive(chain.message(above: height.previous ?? height), from: 1)
            #expect(bench.ended[1] == nil)
        }
        #expect(bench.node.status.bestHeaderHeight == chain.tip.height)
    }

    @Test("excuses new tips while older headers are under way")
    func tipsDuringSync() throws {
        var bench = try TestBench()
        var chain = Self.chain()
        chain.grow(by: 30)
        bench.greet(1, tip: chain.blocks[10])
        #expect(bench.take(.getHeaders, to: 1).count == 1)
        for height in 11..<33 {
            bench.receive(chain.message(above: Height(UInt32(height))), from: 1)
        }
        #expect(bench.ended[1] == nil)
        bench.receive(chain.message(), from: 1)
        #expect(bench.node.status.bestHeaderHeight == Height(33))
    }

    @Test("does not hold a header guilty of a body that is not its own")
    func mutatedBody() throws {
        var bench = try TestBench()
        let chain = Self.chain()
        for peer in [1, 2] as [PeerHandle] { bench.greet(peer, tip: chain.tip) }
        bench.receive(chain.message(), from: 1)
        let asked = bench.take(.getBlocks, to: 1) + bench.take(.getBlocks, to: 2)
        #expect(asked == [.getBlocks([chain.blocks[2].hash])])
        var body = chain.blocks[2].body.encoded
        body[300] ^= 1
        bench.receive(.block(hash: chain.blocks[2].hash, body: body), from: 1)
        #expect(bench.ended[1] == .misbehavior(.mutatedBody))
        #expect(bench.take(.getBlocks, to: 2) == asked)
        bench.receive(
            .block(hash: chain.blocks[2].hash, body: chain.blocks[2].body.encoded),
            from: 2
        )
        #expect(bench.node.status.tip == chain.tip.header)
    }

    @Test("condemns a branch whose body breaks a rule")
    func invalidBlock() throws {
        var bench = try TestBench()
        var chain = TestChain(on: bench.network)
        var author = TestAuthor("host", on: bench.network)
        chain.append()
        chain.append([author.message("nowhere", in: chain.tip.hash)])
        chain.grow(by: 2)
        bench.greet(1, tip: chain.tip)
        bench.receive(chain.message(), from: 1)
        bench.receive(
            .block(hash: chain.blocks[2].hash, body: chain.blocks[2].body.encoded),
            from: 1
        )
        #expect(bench.ended[1] == .misbehavior(.invalidBlock))
        #expect(bench.node.status.tip == chain.blocks[1].header)
        #expect(bench.node.status.bestHeaderHeight == Height(1))
        bench.greet(2, tip: chain.tip)
        bench.receive(chain.message(), from: 2)
        #expect(bench.ended[2] == .misbehavior(.invalidHeader))
        #expect(try bench.mine() != nil)
    }

    @Test("condemns a block with an entry that is wrong in itself")
    func invalidEntryInBlock() throws {
        var bench = try TestBench()
        var chain = TestChain(on: bench.network)
        var author = TestAuthor("host", on: bench.network)
        let open = author.open()
        var bytes = open.bytes
        bytes[210] ^= 1
        chain.append([try Entry(decoding: bytes, payloadLimit: 32_768)])
        bench.greet(1, tip: chain.tip)
        bench.receive(chain.message(), from: 1)
        bench.receive(.block(hash: chain.tip.hash, body: chain.tip.body.encoded), from: 1)
        #expect(bench.ended[1] == .misbehavior(.invalidBlock))
        #expect(bench.node.status.bestHeaderHeight == .genesis)
    }

    @Test("returns to its branch when a heavier one is wrong in the middle")
    func invalidBranch() throws {
        var bench = try TestBench()
        let chain = Self.chain()
        bench.greet(1, tip: chain.tip)
        bench.receive(chain.message(), from: 1)
        bench.receive(
            .block(hash: chain.blocks[2].hash, body: chain.blocks[2].body.encoded),
            from: 1
        )
        let state = bench.store.chainState
        var other = TestChain(on: bench.network)
        var author = TestAuthor("other", on: bench.network)
        other.grow(by: 2, delay: 2_000)
        other.append([author.message("nowhere", in: other.tip.hash)])
        other.grow(by: 4)
        bench.greet(2, tip: other.tip)
        bench.receive(other.message(), from: 2)
        bench.receive(
            .block(hash: other.blocks[3].hash, body: other.blocks[3].body.encoded),
            from: 2
        )
        let turns = bench.notices.map { notice in
            switch notice {
            case .connected(let header, _): Int(header.header.height.rawValue)
            case .disconnected(let header, _): -Int(header.header.height.rawValue)
            case .pooled, .dropped: 0
            }
        }
        #expect(turns.filter { $0 != 0 } == [1, 2, 3, -3, -2, -1, 1, 2, -2, -1, 1, 2, 3])
        #expect(bench.node.status.tip == chain.tip.header)
        #expect(bench.store.chainState == state)
        #expect(bench.node.status.reorganizations == 0)
        bench.greet(3, tip: other.tip)
        bench.receive(other.message(), from: 3)
        #expect(bench.ended[3] == .misbehavior(.invalidHeader))
        bench.wait(2_000)
        #expect(try bench.mine() != nil)
    }

    @Test("does not look at what it did not ask for")
    func unsolicited() throws {
        var bench = try TestBench()
        let chain = Self.chain()
        bench.greet(1)
        bench.judgesAtOnce = false
        bench.receive(.block(hash: chain.tip.hash, body: [1, 2, 3]), from: 1)
        bench.receive(.entries(chain.blocks[2].body.entries), from: 1)
        bench.receive(.pong(nonce: 5), from: 1)
        bench.receive(.missingEntries([chain.tip.hash]), from: 1)
        bench.receive(.missingBlocks([chain.tip.hash]), from: 1)
        #expect(bench.ended[1] == nil)
        #expect(bench.questions.isEmpty)
        #expect(bench.node.status.pooledEntries == 0)
    }
}
