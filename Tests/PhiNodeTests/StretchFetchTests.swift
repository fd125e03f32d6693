import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("The second pass over headers") struct StretchFetchTests {
    private static let source = HeaderSource.long
    private static let tip = source.chain.tip

    /// A node whose first pass is done, none of whose requests were answered since.
    private static func looked(
        peers: ClosedRange<PeerHandle> = 1...4,
        _ change: (inout NodePolicy) -> Void = { _ in }
    ) throws -> TestBench {
        var bench = try TestBench.needing(source.work(8_191), change)
        for peer in peers { bench.greet(peer, tip: tip) }
        for peer in peers {
            for locator in bench.takeLocators(to: peer) {
                bench.receive(.headers(source.answer(locator)), from: peer)
            }
        }
        bench.serve([1: source], atMost: 3)
        return bench
    }

    @Test("asks all peers for stretches, and ends at the tip")
    func parallel() throws {
        var bench = try Self.looked()
        let given = bench.serve(
            Dictionary(uniqueKeysWithValues: (1...4).map { ($0, Self.source) })
        )
        for peer in 2...4 as ClosedRange<PeerHandle> { #expect(given[peer] == 1) }
        #expect(bench.node.status.tip == Self.tip.header)
        #expect(bench.node.headerSyncBytes == 0)
        #expect(bench.ended.isEmpty)
    }

    @Test("takes the stretches in any order, and inserts them in theirs")
    func order() throws {
        var bench = try Self.looked()
        for peer in [4, 3, 2, 1] as [PeerHandle] {
            #expect(bench.node.status.bestHeaderHeight == .genesis)
            let locators = bench.takeLocators(to: peer)
            #expect(locators.count == 1)
            for locator in locators {
                bench.receive(.headers(Self.source.answer(locator)), from: peer)
            }
        }
        #expect(bench.node.status.bestHeaderHeight == Height(8_191))
    }

    @Test("goes on past a liar, a silent peer and one on another chain, and blames the liar alone")
    func badPeers() throws {
        var bench = try Self.looked()
        let sources =
            [1: Self.source, 2: Self.source, 3: Self.source, 4: HeaderSource.other]
            as [PeerHandle: HeaderSource]
        let answer = { (peer: PeerHandle, batch: HeaderBatch) -> HeaderBatch? in
            peer == 3 ? nil : peer == 2 ? batch.withoutWork : batch
        }
        bench.serve(sources, answer)
        #expect(bench.ended == [2: .misbehavior(.invalidHeader)])
        #expect(bench.node.status.tip != Self.tip.header)
        for _ in 0..<6 {
            bench.wait(1_000)
            bench.serve(sources, answer)
        }
        #expect(bench.node.status.tip == Self.tip.header)
        #expect(bench.ended == [2: .misbehavior(.invalidHeader)])
        #expect(bench.node.headerSyncBytes == 0)
    }

    @Test("does not blame a peer whose own chain leaves the stretch in its middle")
    func otherChain() throws {
        var bench = try Self.looked(peers: 1...2)
        let forked = Self.source.forked(at: 3_000, by: 8_000)
        bench.serve([1: Self.source, 2: forked])
        #expect(bench.ended.isEmpty)
        #expect(bench.node.status.tip == Self.tip.header)
    }

    @Test("blames the peer that shows another chain than before", arguments: [true, false])
    func switched(hasOther: Bool) throws {
        var bench = try Self.looked(peers: 1...(hasOther ? 2 : 1))
        let sources: [PeerHandle: HeaderSource] =
            hasOther ? [1: .other, 2: .other] : [1: .other]
        bench.serve(sources)
        #expect(bench.ended == [1: .misbehavior(.switchedHeaders)])
        #expect(bench.node.headerSyncBytes == 0)
        bench.wait(2_000)
        bench.serve(sources)
        let tip = hasOther ? HeaderSource.other.chain.tip : bench.chainStart
        #expect(bench.node.status.tip == tip.header)
    }

    @Test("does not blame the peer whose chain changed in the last stretch")
    func lastStretch() throws {
        var bench = try Self.looked(peers: 1...1)
        let forked = Self.source.forked(at: 8_100, by: 1_000)
        bench.serve([1: forked])
        #expect(bench.ended.isEmpty)
        #expect(bench.node.headerSyncBytes == 0)
    }

    @Test("ends at the tip of a chain that changed behind the last stretch")
    func reorganized() throws {
        var bench = try Self.looked()
        bench.serve([1: Self.source, 2: Self.source], atMost: 2)
        let forked = Self.source.forked(at: 8_200, by: 1_000)
        bench.serve(Dictionary(uniqueKeysWithValues: (1...4).map { ($0, forked) }))
        #expect(bench.node.status.tip == forked.chain.tip.header)
        #expect(bench.ended.isEmpty)
    }

    @Test("leaves nothing behind when peers go, at any stage")
    func disconnect() throws {
        let sources = Dictionary(
            uniqueKeysWithValues: (1...4 as ClosedRange<PeerHandle>).map { ($0, Self.source) }
        )
        for answers in 0...5 {
            var bench = try Self.looked()
            bench.serve(sources, atMost: answers)
            for peer in 1...4 as ClosedRange<PeerHandle> { bench.step(.disconnected(peer)) }
            #expect(bench.node.headerSyncBytes == 0)
        }
    }

    @Test("waits while more headers are ahead than wanted")
    func headersAhead() throws {
        var chain = TestChain(on: TestBench.network)
        var host = TestAuthor("host", on: TestBench.network)
        chain.append([host.open()], delay: 500)
        chain.grow(by: 8_300, delay: 500)
        let source = HeaderSource(chain)
        var bench = try TestBench.needing(source.work(8_191)) { $0.headersAhead = 3_000 }
        bench.greet(1, tip: chain.tip)
        bench.serve([1: source])
        #expect(bench.node.status.bestHeaderHeight == Height(4_095))
        for _ in 0..<18 {
            bench.wait(1_000)
            bench.serve([1: source])
        }
        #expect(bench.node.status.bestHeaderHeight == Height(4_095))
        bench.receive(
            .block(hash: chain.blocks[1].hash, body: chain.blocks[1].body.encoded),
            from: 1
        )
        bench.serve([1: source])
        #expect(bench.node.status.tip == chain.tip.header)
    }

    @Test("brings a new node of a swarm to the tip of the others")
    func swarm() throws {
        var first = try TestBench()
        first.greet(1, tip: Self.tip)
        first.serve([1: Self.source])
        #expect(first.node.status.tip == Self.tip.header)
        var swarm = TestSwarm(on: TestBench.network, seed: 5)
        swarm.now = first.now
        for _ in 0..<3 { try swarm.add(store: DurableCopy(of: first.store).restored()) }
        var policy = TestSwarm.policy
        policy.minimumChainWork = Self.source.work(8_300)
        let fresh = try swarm.add(policy: policy)
        swarm.weather.lossPerMille = 20
        swarm.introduceAll()
        #expect(swarm.run(atMost: 300_000) { $0.tip(fresh) == Self.tip.header })
        swarm.mine(0, count: 3)
        #expect(swarm.run(atMost: 60_000) { $0.agrees })
        #expect(swarm.node(fresh).headerSyncBytes == 0)
    }
}

extension TestBench {
    /// The genesis block.
    fileprivate var chainStart: TestBlock { TestChain(on: network).tip }
}
