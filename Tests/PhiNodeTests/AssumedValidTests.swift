import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A block that is assumed valid") struct AssumedValidTests {
    /// A chain whose second block holds an entry with a wrong signature, and blocks on top.
    static func chain(onTop: Int, _ change: (inout [UInt8]) -> Void) throws -> TestChain {
        var chain = TestChain(on: TestBench.network)
        var host = TestAuthor("host", on: chain.network)
        let open = host.open()
        chain.append([open])
        var bytes = host.message("one", in: open.id).bytes
        change(&bytes)
        chain.append([try Entry(decoding: bytes, payloadLimit: 32_768)])
        chain.append()
        chain.append([TestAuthor("other", on: chain.network).trying { $0.open() }])
        chain.grow(by: onTop - 2)
        return chain
    }

    static func forgedSignature(_ bytes: inout [UInt8]) { bytes[210] ^= 1 }

    /// Whether a node takes a chain whose second block is wrong, with so much trust.
    static func takes(
        _ chain: TestChain,
        assuming hash: Digest?,
        time: UInt64 = 5_000
    ) throws -> Bool {
        var policy = TestSwarm.policy
        policy.assumedValid = hash
        policy.assumedValidTime = time
        var download = try DownloadBench(chain, peers: 1, policy: policy)
        download.giveAll(by: 1)
        let isTaken = download.isDone
        #expect(isTaken || download.bench.ended == [1: .misbehavior(.invalidBlock)])
        return isTaken
    }

    @Test("need not show signatures, and only if it is asked for")
    func signature() throws {
        let chain = try Self.chain(onTop: 5, Self.forgedSignature)
        #expect(try Self.takes(chain, assuming: chain.blocks[2].hash))
        #expect(try !Self.takes(chain, assuming: nil))
        #expect(NodePolicy().assumedValid == nil)
    }

    @Test("need not show a stamp either")
    func stamp() throws {
        let chain = try Self.chain(onTop: 5) { bytes in
            for offset in 268..<276 { bytes[offset] = 0xff }
        }
        #expect(try Self.takes(chain, assuming: chain.blocks[2].hash))
        #expect(try !Self.takes(chain, assuming: nil))
    }

    @Test("must keep every other rule")
    func otherRules() throws {
        // A wrong chain, a wrong place in the author's entries, a future anchor.
        for offset in [8, 104, 112, 146] {
            let chain = try Self.chain(onTop: 5) { $0[offset] ^= 1 }
            #expect(try !Self.takes(chain, assuming: chain.blocks[2].hash))
        }
    }

    @Test("is the one that is named or one before it, and none after")
    func height() throws {
        let chain = try Self.chain(onTop: 8, Self.forgedSignature)
        #expect(try !Self.takes(chain, assuming: chain.blocks[1].hash))
        #expect(try Self.takes(chain, assuming: chain.blocks[2].hash))
        #expect(try Self.takes(chain, assuming: chain.blocks[3].hash))
        #expect(try Self.takes(chain, assuming: chain.tip.hash))
    }

    @Test("has as much work on top as takes two weeks, to the block")
    func work() throws {
        #expect(NodePolicy().assumedValidTime == 14 * 86_400 * 1_000)
        for (onTop, isTaken) in [(4, false), (5, true), (6, true)] {
            let chain = try Self.chain(onTop: onTop, Self.forgedSignature)
            #expect(chain.tip.height == Height(UInt32(2 + onTop)))
            #expect(try Self.takes(chain, assuming: chain.blocks[2].hash) == isTaken)
        }
        // The time is rounded up to whole blocks.
        let chain = try Self.chain(onTop: 5, Self.forgedSignature)
        let hash = chain.blocks[2].hash
        #expect(try Self.takes(chain, assuming: hash, time: 4_001))
        #expect(try !Self.takes(chain, assuming: hash, time: 5_001))
        #expect(try !Self.takes(chain, assuming: hash, time: .max))
    }

    @Test("is on the best chain")
    func otherChain() throws {
        let chain = try Self.chain(onTop: 5, Self.forgedSignature)
        var fork = chain.cut(at: Height(2))
        fork.grow(by: 2, delay: 1_500)
        #expect(try !Self.takes(chain, assuming: fork.tip.hash))
        // Known, but on a branch with less work.
        var policy = TestSwarm.policy
        policy.assumedValid = fork.tip.hash
        policy.assumedValidTime = 1_000
        var download = try DownloadBench(chain, peers: 1, policy: policy)
        download.bench.receive(fork.message(above: Height(2)), from: 1)
        download.giveAll(by: 1)
        #expect(download.bench.ended == [1: .misbehavior(.invalidBlock)])
        #expect(try !Self.takes(chain, assuming: TestKey("nothing").verifyingKey.digest))
    }

    @Test("gives entries that others can rely on")
    func entries() throws {
        let chain = try Self.chain(onTop: 5) { _ in }
        var policy = TestSwarm.policy
        policy.assumedValid = chain.blocks[4].hash
        policy.assumedValidTime = 1_000
        var assuming = try DownloadBench(chain, peers: 1, policy: policy)
        assuming.bench.judgesAtOnce = false
        assuming.giveAll(by: 1)
        #expect(assuming.bench.questions.isEmpty)
        #expect(assuming.isDone)
        var checking = try DownloadBench(chain, peers: 1)
        checking.giveAll(by: 1)
        #expect(assuming.bench.store.chainState == checking.bench.store.chainState)
    }
}

extension VerifyingKey {
    /// The bytes of the key as a hash that no block has.
    fileprivate var digest: Digest { Digest(words: words) }
}
