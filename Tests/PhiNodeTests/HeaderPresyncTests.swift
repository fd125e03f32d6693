import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("The first pass over headers") struct HeaderPresyncTests {
    private static let source = HeaderSource.long
    private static let tip = source.chain.tip

    @Test("keeps nothing of a batch that ends one block below the least work", arguments: [0, 1])
    func threshold(surplus: Int) throws {
        var bench = try TestBench.needing(Self.source.work(100))
        let before = bench.store.pairs.map(\.value)
        bench.greet(1, tip: Self.source.chain.blocks[99 + surplus])
        let short = HeaderSource(Self.source.chain.cut(at: Height(UInt32(99 + surplus))))
        bench.serve([1: short])
        #expect(bench.node.status.bestHeaderHeight == Height(surplus == 0 ? 0 : 100))
        #expect((bench.store.pairs.map(\.value) == before) == (surplus == 0))
        #expect(bench.ended.isEmpty)
        #expect(bench.node.headerSyncBytes == 0)
        bench.wait(10_000)
        #expect(bench.takeLocators(to: 1).isEmpty)
    }

    @Test("is not made for a batch that is not full", arguments: [2_047, 2_048])
    func fullBatch(count: Int) throws {
        var bench = try TestBench.needing(Self.source.work(5_000))
        bench.greet(1, tip: Self.tip)
        _ = bench.takeLocators(to: 1)
        bench.receive(.headers(Self.source.batch(after: 0, count: count)), from: 1)
        #expect((bench.node.headerSyncBytes > 0) == (count == 2_048))
        #expect(bench.takeLocators(to: 1).count == (count == 2_048 ? 1 : 0))
        #expect(bench.node.status.bestHeaderHeight == .genesis)
    }

    @Test("leads to the tip of a chain with enough work", arguments: [2_048, 5_000, 8_191, 8_492])
    func enough(height: Int) throws {
        var bench = try TestBench.needing(Self.source.work(height))
        bench.greet(1, tip: Self.tip)
        bench.serve([1: Self.source])
        #expect(bench.node.status.tip == Self.tip.header)
        #expect(bench.node.headerSyncBytes == 0)
        #expect(bench.ended.isEmpty)
    }

    @Test("lets everything go when the work is not enough in the end, and pauses")
    func tooLittle() throws {
        var bench = try TestBench.needing(Work(rawValue: 1 << 40))
        let before = bench.store.pairs.map(\.value)
        bench.greet(liar: 1)
        var most = 0
        while !bench.sent.isEmpty, bench.serve([1: Self.source], atMost: 1).count == 1 {
            most = max(most, bench.node.headerSyncBytes)
            #expect(bench.node.status.bestHeaderHeight == .genesis)
        }
        // A year of blocks in ten seconds each is 1,540 stretches: 148 KB, or twice as much.
        #expect((1...4 * 2 * 96 + 2_000).contains(most))
        #expect(bench.node.headerSyncBytes == 0)
        #expect(bench.store.pairs.map(\.value) == before)
        #expect(bench.ended.isEmpty)
        for second in 1...600 {
            bench.now = bench.now.adding(milliseconds: 1_000)
            bench.receive(.ping(Ping(nonce: 0, tip: TestBench.lie)), from: 1)
            bench.step(.tick)
            #expect(bench.takeLocators(to: 1).count == (second == 600 ? 1 : 0))
            for message in bench.take(.ping, to: 1) {
                if case .ping(let ping) = message {
                    bench.receive(.pong(nonce: ping.nonce), from: 1)
                }
            }
        }
    }

    @Test("blames a header without work")
    func wrongHeaders() throws {
        var bench = try TestBench.needing(Self.source.work(5_000))
        bench.greet(1, tip: Self.tip)
        bench.serve([1: Self.source], atMost: 2)
        bench.serve([1: Self.source]) { $1.withoutWork }
        #expect(bench.ended[1] == .misbehavior(.invalidHeader))
        #expect(bench.node.headerSyncBytes == 0)
    }

    @Test("ends at the height that the time since the genesis block allows", arguments: [0, 1])
    func elapsed(surplus: Int) throws {
        let network = TestNetwork.make {
            $0.minimumSpacing = 1_000
            $0.futureLimit = 1
        }
        let chain = HeaderSource.grown(by: 4_500 + surplus, on: network, delay: 1_000)
        var bench = try TestBench.needing(Work(rawValue: 1 << 40), on: network)
        bench.now = network.genesis.time.adding(milliseconds: 4_500_000)
        bench.greet(liar: 1)
        bench.serve([1: HeaderSource(chain)])
        #expect(bench.ended[1] == (surplus == 0 ? nil : .misbehavior(.tooManyHeaders)))
        #expect(bench.node.headerSyncBytes == 0)
    }

    @Test("blames nobody for times ahead of a clock that is wrong")
    func wrongClock() throws {
        var bench = try TestBench.needing(Work(rawValue: 1 << 40))
        for milliseconds in [UInt64(0), 1_200_000] {
            bench.now = Timestamp(
                milliseconds: bench.network.genesis.time.milliseconds - 600_000 + milliseconds
            )
            bench.greet(liar: 1 + milliseconds)
            bench.serve([1 + milliseconds: Self.source])
            #expect(bench.ended.isEmpty)
            #expect(bench.node.headerSyncBytes == 0)
        }
    }

    @Test("leaves nothing behind when the peer goes, at any stage")
    func disconnect() throws {
        for answers in 0...10 {
            var bench = try TestBench.needing(Self.source.work(8_192))
            bench.greet(1, tip: Self.tip)
            bench.serve([1: Self.source], atMost: answers)
            bench.step(.disconnected(1))
            #expect(bench.node.headerSyncBytes == 0)
            bench.wait(2_000)
            bench.greet(2, tip: Self.tip)
            bench.serve([2: Self.source])
            #expect(bench.node.status.tip == Self.tip.header)
        }
    }

    @Test("parts from a peer that is silent, or too slow", arguments: [29_000, 30_000])
    func patience(wait: UInt64) throws {
        var bench = try TestBench.needing(Self.source.work(8_400))
        bench.greet(1, tip: Self.tip)
        bench.serve([1: Self.source], atMost: 1)
        bench.wait(wait)
        #expect(bench.ended[1] == (wait == 30_000 ? .timeout("headers") : nil))
        guard wait == 29_000 else { return }
        bench.serve([1: Self.source], atMost: 1)
        bench.wait(29_000)
        bench.serve([1: Self.source], atMost: 1)
        // Three batches bought six seconds more than a minute.
        bench.wait(8_000)
        #expect(bench.ended[1] == nil)
        bench.wait(1_000)
        #expect(bench.ended[1] == .timeout("headers"))
    }

    @Test("is made with one peer, with a second after a minute, and with those we called first")
    func slots() throws {
        var bench = try TestBench.needing(Work(rawValue: 1 << 40))
        let batch = Message.headers(Self.source.batch(after: 0, count: 2_048))
        for peer in 1...3 as ClosedRange<PeerHandle> {
            bench.greet(liar: peer)
            _ = bench.takeLocators(to: peer)
            bench.receive(batch, from: peer)
            #expect(bench.takeLocators(to: peer).count == (peer == 1 ? 1 : 0))
        }
        let one = bench.node.headerSyncBytes
        bench.wait(20_000)
        #expect(bench.takeLocators(to: 2).isEmpty)
        bench.greet(liar: 4, isInbound: false)
        _ = bench.takeLocators(to: 4)
        bench.receive(batch, from: 4)
        #expect(bench.takeLocators(to: 4).count == 1)
        #expect(bench.node.headerSyncBytes == one)
        // What was under way from the peer that had to wait is no fault of it.
        bench.receive(.headers(Self.source.batch(after: 2_048, count: 2_048)), from: 1)
        #expect(bench.ended.isEmpty)
        bench.step(.disconnected(4))
        bench.wait(1_000)
        for peer in 1...3 as ClosedRange<PeerHandle> {
            #expect(bench.takeLocators(to: peer).count == 1)
        }
    }

    @Test("is tried again after a minute with a peer that had to wait", arguments: [false, true])
    func waiting(hasRoom: Bool) throws {
        var bench = try TestBench.needing(Work(rawValue: 1 << 40)) {
            $0.presyncs = hasRoom ? 8 : 1
            $0.patiencePerHeader = 1_000
        }
        for peer in 1...2 as ClosedRange<PeerHandle> {
            bench.greet(liar: peer)
            bench.serve([peer: Self.source], atMost: 1)
        }
        for _ in 0..<3 {
            #expect(bench.takeLocators(to: 2).isEmpty)
            bench.wait(20_000)
            bench.serve([1: Self.source], atMost: 1)
            for message in bench.take(.ping, to: 1) + bench.take(.ping, to: 2) {
                guard case .ping(let ping) = message else { continue }
                for peer in [1, 2] as [PeerHandle] {
                    bench.receive(.pong(nonce: ping.nonce), from: peer)
                }
            }
        }
        let one = bench.node.headerSyncBytes
        bench.serve([2: Self.source], atMost: 1)
        #expect(bench.takeLocators(to: 2).count == (hasRoom ? 1 : 0))
        #expect((bench.node.headerSyncBytes > one) == hasRoom)
        #expect(bench.ended.isEmpty)
    }

    @Test("begins at the fork, past a known part of the batch, where a branch is long")
    func knownPart() throws {
        let network = TestNetwork.make(expiry: 8_640, undoWindow: 9_000)
        let ours = HeaderSource(HeaderSource.grown(by: 5_000, on: network, delay: 500))
        let theirs = ours.forked(at: 3_000, by: 2_500)
        var bench = try TestBench(on: network)
        bench.greet(1, tip: ours.chain.tip)
        bench.serve([1: ours])
        #expect(bench.node.status.tip == ours.chain.tip.header)
        bench.step(.disconnected(1))
        bench.greet(2, tip: theirs.chain.tip)
        bench.serve([2: theirs])
        #expect(bench.node.status.tip == theirs.chain.tip.header)
        #expect(bench.node.status.deepestReorganization == 2_000)
    }

    @Test("stops the node before a heavier chain that undo data does not reach")
    func deep() throws {
        let network = TestNetwork.make(expiry: 8_640, undoWindow: 1_000)
        let ours = HeaderSource(HeaderSource.grown(by: 5_000, on: network, delay: 500))
        let theirs = ours.forked(at: 1_500, by: 4_000)
        var bench = try TestBench(on: network)
        bench.greet(1, tip: ours.chain.tip)
        bench.serve([1: ours])
        bench.step(.disconnected(1))
        let store = bench.store.chainState
        var accepting = bench
        bench.greet(2, tip: theirs.chain.tip)
        bench.serve([2: theirs])
        guard case .deepReorganization(let fork, let depth, let tip) = bench.haltReason else {
            return #expect(bench.haltReason != nil)
        }
        #expect(fork == Height(1_500))
        #expect(depth == 3_500)
        #expect(bench.store.chainState == store)
        accepting.step(.acceptReorganization(tip))
        accepting.greet(2, tip: theirs.chain.tip)
        accepting.serve([2: theirs])
        #expect(accepting.haltReason == .rewind(to: Height(1_500)))
    }
}
