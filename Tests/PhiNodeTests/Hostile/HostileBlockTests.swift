import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

/// Behaviors 31 to 35 and 39: blocks.
@Suite("A node whose peers send bad blocks") struct HostileBlockTests {
    static let hostile: PeerHandle = 7

    /// A node that was told of the honest chain by a hostile peer first.
    static func courted(blocks: Int = 40) throws -> Victim {
        var victim = try Victim(blocks: blocks)
        victim.meet(hostile, isInbound: false, tip: victim.honest.chain.tip)
        victim.bench.receive(victim.honest.chain.message(), from: hostile)
        return victim
    }

    /// The hashes of blocks that were asked of a peer, which are forgotten.
    static func asked(_ victim: inout Victim, of peer: PeerHandle = hostile) -> [Digest] {
        victim.bench.take(.getBlocks, to: peer).flatMap { message -> [Digest] in
            guard case .getBlocks(let hashes) = message else { return [] }
            return hashes
        }
    }

    @Test("31 gets blocks elsewhere that the announcer of the best chain never serves")
    func neverServes() throws {
        var victim = try Self.courted()
        #expect(!Self.asked(&victim).isEmpty)
        victim.meetHonestPeer()
        let seconds = victim.recovers()
        #expect((0...30).contains(try #require(seconds)))
        #expect(victim.misdeed(of: Self.hostile) == nil)
    }

    @Test("32 does not wait for a peer that serves one block now and then")
    func servesSlowly() throws {
        var victim = try Self.courted(blocks: 200)
        victim.meetHonestPeer()
        var owed: [Digest] = []
        var seconds = 0
        while !victim.isSynced, seconds < 300 {
            owed += Self.asked(&victim)
            victim.wait(9_000)
            seconds += 9
            guard !owed.isEmpty, victim.bench.ended[Self.hostile] == nil else { continue }
            let hash = owed.removeFirst()
            guard let block = victim.honest.chain.blocks.first(where: { $0.hash == hash })
            else { continue }
            victim.bench.receive(.block(hash: hash, body: block.body.encoded), from: Self.hostile)
            victim.converse()
        }
        #expect(victim.isSynced)
        #expect(seconds <= 90)
    }

    @Test("33 does not hold a header guilty of a body that is not its own")
    func mutatedBody() throws {
        var victim = try Self.courted()
        let hash = try #require(Self.asked(&victim).first)
        let block = try #require(victim.honest.chain.blocks.first { $0.hash == hash })
        var body = block.body.encoded
        body[body.count - 1] ^= 1
        victim.bench.receive(.block(hash: hash, body: body), from: Self.hostile)
        #expect(victim.misdeed(of: Self.hostile) == .mutatedBody)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("34 refuses a body whose length is not the one that its header states")
    func lengthLies() throws {
        for change in [-1, 1] {
            var victim = try Victim(blocks: 3)
            victim.meetHonestPeer()
            #expect(victim.isSynced)
            var chain = victim.honest.chain
            let parent = chain.tip
            var author = TestAuthor("guest", on: chain.network)
            let meeting = chain.blocks[1].body.entries[0].id
            let block = chain.append([author.message("counted", in: meeting)])
            var header = block.header.header
            header.bodyBytes = UInt32(Int(header.bodyBytes) + change)
            let lying = TestNetwork.mined(header, target: chain.network.parameters.targetLimit)
            victim.meet(Self.hostile)
            victim.bench.receive(
                try HostileHeaderTests.batch(lying, after: parent),
                from: Self.hostile
            )
            #expect(Self.asked(&victim) == [lying.hash])
            victim.bench.receive(
                .block(hash: lying.hash, body: block.body.encoded),
                from: Self.hostile
            )
            #expect(victim.misdeed(of: Self.hostile) != nil)
            #expect(victim.bench.node.status.tip.hash == parent.hash)
            victim.honestBlock()
            #expect(victim.recovers(within: 30) != nil)
        }
    }

    @Test("35 condemns a block with the right root and a broken rule inside")
    func brokenRule() throws {
        var victim = try Victim(blocks: 3)
        victim.meetHonestPeer()
        var chain = victim.honest.chain
        var author = TestAuthor("guest", on: chain.network)
        let parent = chain.tip
        chain.append([author.message("nowhere", in: SHA256.hash([7]))])
        chain.grow(by: 2)
        victim.meet(Self.hostile, tip: chain.tip)
        victim.bench.receive(
            TestBench.headers(chain.blocks(above: parent.height), after: parent),
            from: Self.hostile
        )
        let hash = try #require(Self.asked(&victim).first)
        let body = chain.blocks[Int(parent.height.rawValue) + 1].body.encoded
        victim.bench.receive(.block(hash: hash, body: body), from: Self.hostile)
        #expect(victim.misdeed(of: Self.hostile) == .invalidBlock)
        #expect(victim.isSynced)
        victim.honestBlock()
        #expect(victim.isSynced)
    }

    @Test("39 follows a branch that was withheld, and loses no entry of its own")
    func withheldBranch() throws {
        var victim = try Victim(blocks: 3)
        victim.meetHonestPeer()
        let fork = victim.honest.chain
        var author = TestAuthor("guest", on: fork.network)
        let meeting = fork.blocks[1].body.entries[0].id
        let entry = author.message("kept", in: meeting)
        #expect(try victim.bench.submit(entry) == .success(entry.id))
        victim.honestBlock([entry])
        for _ in 0..<20 { victim.honestBlock() }
        #expect(victim.isSynced)
        var secret = fork
        secret.grow(by: 100, delay: 1_500)
        victim.bench.now = max(victim.bench.now, secret.tip.header.header.time)
        victim.meet(Self.hostile, tip: secret.tip)
        victim.bench.receive(secret.message(above: fork.tip.height), from: Self.hostile)
        #expect(victim.bench.node.status.tip.hash == secret.tip.hash)
        #expect(victim.bench.node.status.reorganizations == 1)
        #expect(victim.bench.node.pooled(.entry(entry.id)).count == 1)
        #expect(try victim.bench.mine()?.map(\.id) == [entry.id])
    }

    /// Heavier branches on the honest tip, each shown by a peer that gives no body.
    private static func showWithheld(_ count: Int, to victim: inout Victim) -> [PeerHandle] {
        let fork = victim.honest.chain
        let meeting = fork.blocks[1].body.entries[0].id
        return (0..<count).map { index in
            var author = TestAuthor("guest \(index)", on: fork.network)
            var branch = fork
            branch.append([author.message("kept back", in: meeting)])
            branch.grow(by: 4 + index % 3)
            let handle = PeerHandle(5_000 + UInt64(index))
            victim.bench.now = max(victim.bench.now, branch.tip.header.header.time)
            victim.meet(handle, tip: branch.tip)
            victim.bench.receive(branch.message(above: fork.tip.height), from: handle)
            return handle
        }
    }

    /// Has the honest peer find some blocks, and tell of its tip as it does all the time.
    private static func pingFromHonestPeer(_ victim: inout Victim, growth: Int) {
        victim.honest.chain.grow(by: growth)
        let tip = victim.honest.chain.tip
        let work = tip.header.header.chainWork
        let claim = TipClaim(hash: tip.hash, height: tip.height, work: work)
        victim.bench.now = max(victim.bench.now, tip.header.header.time)
        victim.bench.receive(.ping(Ping(nonce: 7, tip: claim)), from: victim.honest.handle)
        victim.converse()
    }

    @Test("31 follows honest peers as soon as those are gone who kept many heavier branches back")
    func keptBack() throws {
        var victim = try Victim(blocks: 3)
        victim.meetHonestPeer()
        let hostile = Self.showWithheld(40, to: &victim)
        Self.pingFromHonestPeer(&victim, growth: 2)
        #expect(!victim.isSynced)
        for handle in hostile { victim.bench.step(.disconnected(handle)) }
        victim.wait(8_000)
        Self.pingFromHonestPeer(&victim, growth: 0)
        let seconds = victim.recovers(within: 3)
        #expect(seconds != nil)
    }

    @Test("31 follows honest peers while one who kept heavier branches back still claims them")
    func claimed() throws {
        var victim = try Victim(blocks: 3)
        victim.meetHonestPeer()
        _ = Self.showWithheld(3, to: &victim)
        Self.pingFromHonestPeer(&victim, growth: 2)
        let seconds = victim.recovers(within: 120)
        #expect(seconds != nil)
    }
}
