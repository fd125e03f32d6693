import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

/// Behaviors 23 to 30 and 38: headers.
///
/// A compact header cannot state a wrong height, work, difficulty, idle time or history, so 26 and
/// 27 are headers that were mined over such values: what the node computes has no proof of work.
@Suite("A node whose peers send bad headers") struct HostileHeaderTests {
    static let hostile: PeerHandle = 7

    /// The batch of one header on a block.
    static func batch(_ header: Header, after parent: TestBlock) throws -> Message {
        let spacing = TestBench.network.parameters.minimumSpacing
        let compact = CompactHeader(
            header,
            after: parent.header.header.time,
            minimumSpacing: spacing
        )
        let start = try #require(parent.height.next)
        let items = [try #require(compact)]
        return .headers(HeaderBatch(start: start, parent: parent.hash, items: items))
    }

    /// A child of a block, mined with wrong fields, whose right form shows no work.
    static func mined(
        on parent: TestBlock,
        in chain: TestChain,
        delay: UInt64? = nil,
        _ change: (inout Header) -> Void
    ) -> Header {
        let limit = chain.network.parameters.targetLimit
        let right = chain.child(of: parent, delay: delay).header.header
        var wrong = right
        change(&wrong)
        var honest = right
        repeat {
            wrong.nonce += 1
            honest.nonce = wrong.nonce
        } while !limit.isMet(by: wrong.hash) || limit.isMet(by: honest.hash)
        return wrong
    }

    static func expectRefusal(_ change: (inout Header) -> Void) throws {
        var victim = try Victim()
        let chain = victim.honest.chain
        victim.meet(hostile)
        let forged = mined(on: chain.blocks[0], in: chain, change)
        victim.bench.receive(try batch(forged, after: chain.blocks[0]), from: hostile)
        #expect(victim.misdeed(of: hostile) == .invalidHeader)
        #expect(victim.bench.node.status.bestHeaderHeight == .genesis)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("23 discourages the sender of a header without proof of work")
    func noWork() throws {
        var victim = try Victim()
        let chain = victim.honest.chain
        var header = chain.blocks[1].header.header
        while chain.network.parameters.targetLimit.isMet(by: header.hash) { header.nonce += 1 }
        victim.meet(Self.hostile)
        victim.bench.receive(try Self.batch(header, after: chain.blocks[0]), from: Self.hostile)
        #expect(victim.misdeed(of: Self.hostile) == .invalidHeader)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("24 discourages the sender of headers that do not follow one another")
    func notContinuous() throws {
        var victim = try Victim()
        let chain = victim.honest.chain
        guard case .headers(let batch) = chain.message() else { return }
        var items = batch.items
        items.remove(at: 10)
        victim.meet(Self.hostile)
        victim.bench.receive(
            .headers(HeaderBatch(start: batch.start, parent: batch.parent, items: items)),
            from: Self.hostile
        )
        #expect(victim.misdeed(of: Self.hostile) == .invalidHeader)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("26 refuses a header that was mined for other bits")
    func otherBits() throws {
        try Self.expectRefusal { $0.bits -= 1 }
    }

    @Test("27 refuses headers that were mined over another idle time, work or history")
    func otherFields() throws {
        try Self.expectRefusal { $0.idle += 1 }
        try Self.expectRefusal {
            $0.chainWork = $0.chainWork.adding(Work(rawValue: 1)) ?? $0.chainWork
        }
        try Self.expectRefusal { $0.historyRoot = SHA256.hash([1]) }
    }

    @Test("28 holds a header from the future, and takes it when its time has come")
    func tooNew() throws {
        var victim = try Victim(blocks: 3)
        victim.meetHonestPeer()
        #expect(victim.isSynced)
        let tip = victim.honest.chain.tip
        let limit = UInt64(victim.bench.network.parameters.futureLimit)
        let ahead = victim.bench.now.since(tip.header.header.time) + limit + 5_000
        let early = victim.honest.chain.child(of: tip, delay: ahead)
        victim.meet(Self.hostile, tip: early)
        victim.bench.receive(TestBench.headers([early], after: tip), from: Self.hostile)
        #expect(victim.bench.ended[Self.hostile] == nil)
        #expect(victim.bench.node.status.bestHeaderHeight == tip.height)
        #expect(try victim.bench.node.template(at: victim.bench.now) != nil)
        victim.wait(6_000)
        for message in victim.bench.take(.getHeaders, to: Self.hostile) {
            guard case .getHeaders = message else { continue }
            victim.bench.receive(TestBench.headers([early], after: tip), from: Self.hostile)
        }
        #expect(victim.bench.node.status.tip.hash == early.hash)
    }

    @Test("29 refuses a header whose time is that of its parent")
    func equalTime() throws {
        var victim = try Victim()
        let chain = victim.honest.chain
        let parent = chain.blocks[0]
        let earliest = chain.rules.earliestTime(after: parent.header.header)
        var forged = Self.mined(on: parent, in: chain, delay: 1) {
            $0.time = parent.header.header.time
        }
        #expect(CompactHeader(forged, after: forged.time, minimumSpacing: 1) == nil)
        forged.time = earliest
        victim.meet(Self.hostile)
        victim.bench.receive(try Self.batch(forged, after: parent), from: Self.hostile)
        #expect(victim.misdeed(of: Self.hostile) == .invalidHeader)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("38 stays with the first of two equal tips that take turns")
    func equalTips() throws {
        var victim = try Victim(blocks: 3)
        victim.meetHonestPeer()
        #expect(victim.isSynced)
        var left = victim.honest.chain
        var right = victim.honest.chain
        let parent = left.tip
        left.append(delay: 1_500)
        right.append(delay: 1_600)
        victim.meet(Self.hostile)
        for _ in 0..<50 {
            for chain in [left, right] {
                let tell = TestBench.headers([chain.tip], after: parent)
                victim.bench.receive(tell, from: Self.hostile)
            }
        }
        #expect(victim.bench.node.status.tip.hash == left.tip.hash)
        #expect(victim.bench.node.status.reorganizations == 0)
        victim.honest.chain = right
        victim.honestBlock()
        #expect(victim.isSynced)
    }
}
