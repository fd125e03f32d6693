import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("The download of blocks") struct DownloadTests {
    @Test("asks for 1,024 blocks ahead of the tip and not for one more")
    func window() throws {
        let chain = DownloadBench.chain(1_030)
        var download = try DownloadBench(chain, peers: 70)
        let wanted = chain.blocks[1...1_024].map(\.hash)
        #expect(Set(download.underWay) == Set(wanted))
        #expect(download.underWay.count == 1_024)
        let holder = try #require(download.owed.first { $0.value.contains(download[1]) }?.key)
        download.give(download[1], by: holder)
        download.wait(1_000)
        #expect(download.underWay.count == 1_024)
        #expect(download.underWay.contains(download[1_025]))
        #expect(!download.underWay.contains(download[1_026]))
    }

    @Test("counts empty blocks into the window")
    func emptyBlocks() throws {
        var policy = TestSwarm.policy
        policy.blockWindow = 10
        let chain = DownloadBench.chain(5, empty: 3)
        let download = try DownloadBench(chain, peers: 2, policy: policy)
        #expect(Set(download.underWay) == Set([download[1], download[5], download[9]]))
    }

    @Test("asks one peer for 16 blocks and not for one more, and again when half are here")
    func perPeer() throws {
        let chain = DownloadBench.chain(60)
        var download = try DownloadBench(chain, peers: 2)
        #expect(download.owed.mapValues(\.count) == [1: 16, 2: 16])
        for number in 1...8 {
            #expect(download.owed[1]?.count == 17 - number)
            let next = try #require(download.owed[1]?.first)
            download.give(next, by: 1)
        }
        #expect(download.owed[1]?.count == 16)
        #expect(download.owed[2]?.count == 16)
        #expect(Set(download.underWay).count == 32)
    }

    @Test("reserves no byte more than it may", arguments: [-1, 0, 1])
    func reservation(spare: Int) throws {
        let chain = DownloadBench.chain(40)
        let bytes = chain.blocks[1...20].reduce(0) { $0 + UInt64($1.header.header.bodyBytes) }
        var policy = TestSwarm.policy
        policy.blockBytes = UInt64(Int(bytes) + spare)
        var download = try DownloadBench(chain, peers: 5, policy: policy)
        let count = spare < 0 ? 19 : 20
        #expect(Set(download.underWay) == Set(chain.blocks[1...count].map(\.hash)))
        // What came is held as long as it cannot be connected, and only then gives room.
        let second = try #require(download.owed.first { $0.value.contains(download[2]) }?.key)
        download.give(download[2], by: second)
        download.wait(1_000)
        #expect(download.underWay.count == count - 1)
        let first = try #require(download.owed.first { $0.value.contains(download[1]) }?.key)
        download.give(download[1], by: first)
        download.wait(1_000)
        #expect(download.bench.node.status.tip == chain.blocks[2].header)
        #expect(download.underWay.contains(download[21]))
        #expect(NodePolicy().blockBytes == 32 << 20)
    }

    @Test("asks a peer for no more bytes than its send queue takes")
    func perPeerBytes() throws {
        let chain = DownloadBench.chain(40)
        let bytes = chain.blocks[1...5].reduce(0) { $0 + UInt64($1.header.header.bodyBytes) }
        for (spare, count) in [(UInt64(0), 5), (1, 5)] {
            var policy = TestSwarm.policy
            policy.blockBytesPerPeer = bytes + spare
            let download = try DownloadBench(chain, peers: 1, policy: policy)
            #expect(download.owed[1]?.count == count)
        }
        var policy = TestSwarm.policy
        policy.blockBytesPerPeer = bytes - 1
        let download = try DownloadBench(chain, peers: 1, policy: policy)
        #expect(download.owed[1]?.count == 4)
    }

    @Test("leaves nothing reserved when all peers are gone")
    func residue() throws {
        let chain = DownloadBench.chain(40)
        let bytes = chain.blocks[1...20].reduce(0) { $0 + UInt64($1.header.header.bodyBytes) }
        var policy = TestSwarm.policy
        policy.blockBytes = bytes
        var download = try DownloadBench(chain, peers: 5, policy: policy)
        for round in 1...5 as ClosedRange<PeerHandle> {
            for peer in download.bench.node.status.peers {
                download.bench.step(.disconnected(peer.connection))
            }
            download.owed = [:]
            download.bench.sent = []
            for peer in 1...5 as ClosedRange<PeerHandle> {
                download.bench.greet(round * 10 + peer, as: "\(round) \(peer)", tip: chain.tip)
            }
            download.wait(1_000)
            #expect(Set(download.underWay) == Set(chain.blocks[1...20].map(\.hash)))
            #expect(download.underWay.count == 20)
        }
        while let peer = download.owed.keys.sorted().first(where: { download.owed[$0] != [] }) {
            download.giveAll(by: peer)
            download.wait(1_000)
        }
        #expect(download.isDone)
    }

    @Test("connects blocks that came in any order", arguments: [1, 2, 3] as [UInt64])
    func anyOrder(seed: UInt64) throws {
        let chain = DownloadBench.chain(50)
        var download = try DownloadBench(chain, peers: 4)
        download.bench.judgesAtOnce = false
        var random = SeededRandom(seed: seed)
        while !download.isDone {
            let able = download.owed.filter { !$0.value.isEmpty }.keys.sorted()
            if let peer = able.randomElement(using: &random),
                let hash = download.owed[peer]?.randomElement(using: &random)
            {
                download.give(hash, by: peer)
            }
            if able.isEmpty || random.next() % 4 == 0 {
                download.bench.questions.shuffle(using: &random)
                download.bench.answerQuestions()
                download.wait(10)
            }
        }
        #expect(download.bench.ended.isEmpty)
    }
}
