import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A peer that holds up all blocks") struct StallTests {
    /// A window of 8 blocks of 40, of which the first peer holds the first, and each second one.
    static func held(_ change: (inout NodePolicy) -> Void = { _ in }) throws -> DownloadBench {
        var policy = TestSwarm.policy
        policy.blockWindow = 8
        policy.blocksPerPeer = 4
        change(&policy)
        var download = try DownloadBench(DownloadBench.chain(40), peers: 2, policy: policy)
        #expect(download.owed[1]?.first == download[1])
        download.giveAll(by: 2)
        return download
    }

    @Test("is parted with after 2 s without blame, and others give its blocks")
    func time() throws {
        var download = try Self.held()
        download.wait(1_999)
        #expect(download.bench.ended.isEmpty)
        download.wait(1)
        #expect(download.bench.ended == [1: .timeout("stall")])
        #expect(download.owed[2]?.contains(download[1]) == true)
        download.bench.ended = [:]
        download.bench.greet(3, as: "peer 1", tip: download.chain.tip)
        #expect(download.bench.ended.isEmpty)
        download.giveAll(by: 2)
        while !download.isDone {
            download.wait(1_000)
            download.giveAll(by: 2)
            download.giveAll(by: 3)
        }
    }

    @Test("gets its time anew when it gives another block")
    func progress() throws {
        var download = try Self.held()
        download.wait(1_500)
        let other = try #require(download.owed[1]?.last)
        download.give(other, by: 1)
        download.wait(1_999)
        #expect(download.bench.ended.isEmpty)
        download.wait(1)
        #expect(download.bench.ended == [1: .timeout("stall")])
    }

    @Test("is left in peace while nobody else could give the block")
    func alone() throws {
        var download = try Self.held()
        download.bench.step(.disconnected(2))
        download.owed[2] = nil
        download.wait(19_000)
        #expect(download.bench.ended.isEmpty)
    }

    @Test("is left in peace while all others are busy, until its blocks are overdue")
    func busy() throws {
        for peers in 1...4 as ClosedRange<PeerHandle> {
            var policy = TestSwarm.policy
            policy.blockWindow = 4 * Int(peers)
            policy.blocksPerPeer = 4
            policy.pingPatience = 1 << 40
            let chain = DownloadBench.chain(40)
            var download = try DownloadBench(chain, peers: peers, policy: policy)
            #expect(download.underWay.count == 4 * Int(peers))
            download.wait(10_000 + peers * 10_000 - 1)
            #expect(download.bench.ended.isEmpty)
            download.wait(1)
            #expect(download.bench.ended[1] == .timeout("block"))
        }
    }

    @Test("has its time for a block anew with each that it gives")
    func blockTime() throws {
        var policy = TestSwarm.policy
        policy.pingPatience = 1_000_000
        var download = try DownloadBench(DownloadBench.chain(4), peers: 1, policy: policy)
        for height in 1...3 {
            download.wait(19_999)
            download.give(download[height], by: 1)
        }
        download.wait(19_999)
        #expect(download.bench.ended.isEmpty)
        download.wait(1)
        #expect(download.bench.ended == [1: .timeout("block")])
    }

    /// A window of one block, so that one peer after another holds everything up.
    static func narrow(peers: PeerHandle) throws -> DownloadBench {
        var policy = TestSwarm.policy
        policy.blockWindow = 1
        policy.blockPatience = 1 << 40
        policy.pingPatience = 1 << 40
        return try DownloadBench(DownloadBench.chain(20), peers: peers, policy: policy)
    }

    @Test("costs each next one twice the time, up to 64 s")
    func doubling() throws {
        var download = try Self.narrow(peers: 9)
        for (index, seconds) in ([2, 4, 8, 16, 32, 64, 64, 64] as [UInt64]).enumerated() {
            let peer = PeerHandle(index + 1)
            #expect(download.owed == [peer: [download[1]]])
            download.wait(seconds * 1_000 - 1)
            #expect(download.bench.ended[peer] == nil)
            download.wait(1)
            #expect(download.bench.ended[peer] == .timeout("stall"))
        }
        #expect(download.owed == [9: [download[1]]])
    }

    @Test(
        "has its time cut by 0.85 with each block, down to 2 s",
        arguments: [
            (0, 8_000), (1, 6_800), (2, 5_780), (3, 4_913), (4, 4_176), (8, 2_178), (9, 2_000),
            (12, 2_000),
        ] as [(Int, UInt64)]
    )
    func decay(blocks: Int, milliseconds: UInt64) throws {
        var download = try Self.narrow(peers: 4)
        download.wait(6_000)
        #expect(download.bench.ended.keys.sorted() == [1, 2])
        for height in 0..<blocks { download.give(download[height + 1], by: 3) }
        #expect(download.bench.node.status.tip == download.chain.blocks[blocks].header)
        #expect(download.owed == [3: [download[blocks + 1]]])
        download.wait(milliseconds - 1)
        #expect(download.bench.ended[3] == nil)
        download.wait(1)
        #expect(download.bench.ended[3] == .timeout("stall"))
    }
}

@Suite("A block near the tip that does not come") struct SecondSourceTests {
    static func download(
        peers: PeerHandle,
        _ change: (inout NodePolicy) -> Void = { _ in }
    ) throws -> DownloadBench {
        var policy = TestSwarm.policy
        policy.blockPatience = 1 << 40
        policy.pingPatience = 1 << 40
        change(&policy)
        return try DownloadBench(DownloadBench.chain(1), peers: peers, policy: policy)
    }

    @Test("is asked of a second peer after 2 s; the first body counts, the late one does no harm")
    func second() throws {
        for winner in [1, 2] as [PeerHandle] {
            var download = try Self.download(peers: 2)
            download.wait(1_999)
            #expect(download.owed == [1: [download[1]]])
            download.wait(1)
            #expect(download.owed == [1: [download[1]], 2: [download[1]]])
            download.bench.judgesAtOnce = false
            download.give(download[1], by: winner)
            #expect(download.bench.questions.count == 1)
            download.give(download[1], by: 3 - winner)
            #expect(download.bench.questions.count == 1)
            download.bench.answerQuestions()
            #expect(download.isDone)
            #expect(download.bench.ended.isEmpty)
        }
    }

    @Test("is still taken from the second when the first one's body is wrong")
    func mutated() throws {
        var download = try Self.download(peers: 2)
        download.wait(2_000)
        var bytes = download.chain.blocks[1].body.encoded
        bytes[300] ^= 1
        download.bench.receive(.block(hash: download[1], body: bytes), from: 1)
        #expect(download.bench.ended == [1: .misbehavior(.mutatedBody)])
        download.give(download[1], by: 2)
        #expect(download.isDone)
    }

    @Test("is asked of the next when both have it no more, or leave")
    func lost() throws {
        var download = try Self.download(peers: 4)
        download.wait(2_000)
        download.bench.receive(.missingBlocks([download[1]]), from: 1)
        download.note()
        #expect(download.owed[3] == nil)
        download.bench.step(.disconnected(2))
        download.note()
        #expect(download.owed[3] == [download[1]])
        download.give(download[1], by: 3)
        #expect(download.isDone)
        #expect(download.bench.ended.isEmpty)
    }

    @Test("is asked of four peers at most, each after twice the time")
    func limit() throws {
        for limit in 1...5 {
            var download = try Self.download(peers: 8) { $0.sourcesPerBlock = limit }
            for (count, seconds) in [(1, 2), (2, 4), (3, 8), (4, 16)] as [(Int, UInt64)] {
                download.wait(seconds * 1_000 - 1)
                #expect(download.underWay.count == min(limit, count))
                download.wait(1)
                #expect(download.underWay.count == min(limit, count + 1))
            }
            #expect(Set(download.underWay) == [download[1]])
        }
        #expect(NodePolicy().sourcesPerBlock == 4)
    }

    @Test("is asked of the peer next that gave a right body last")
    func trusted() throws {
        var chain = DownloadBench.chain(1)
        var download = try Self.download(peers: 5)
        download.wait(2_000)
        download.bench.step(.disconnected(1))
        download.give(download[1], by: 2)
        #expect(download.isDone)
        var author = TestAuthor("author", on: chain.network)
        let meeting = chain.tip.body.entries[0].id
        chain.append([author.message("next", in: meeting)])
        download.bench.receive(chain.message(above: Height(1)), from: 5)
        download.bench.greet(6, tip: chain.tip)
        download.bench.receive(chain.message(above: Height(1)), from: 2)
        download.note()
        #expect(download.owed[5] == [chain.tip.hash])
        download.wait(4_000)
        #expect(download.owed[2] == [chain.tip.hash])
        #expect(download.owed[6] == nil)
    }

    @Test("is not taken from a peer that was not asked, nor is the peer to blame")
    func unasked() throws {
        var download = try Self.download(peers: 2)
        download.give(download[1], by: 2)
        #expect(!download.isDone)
        #expect(download.bench.ended.isEmpty)
        download.give(download[1], by: 1)
        #expect(download.isDone)
    }

    @Test("is not asked of a peer that does not claim to have it")
    func idle() throws {
        var download = try Self.download(peers: 1)
        download.bench.greet(2)
        download.wait(60_000)
        #expect(download.owed == [1: [download[1]]])
    }
}
