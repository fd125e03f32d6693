import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A compact header") struct CompactHeaderRulesTests {
    @Test("expands to the header that it was made of", arguments: [true, false])
    func roundTrip(retargets: Bool) throws {
        let network = TestNetwork.make(retargets: retargets, genesisTarget: .powerOfTwo(252))
        var chain = TestChain(on: network)
        var random = SeededRandom(seed: 7)
        var author = TestAuthor("author", on: network)
        for _ in 0..<60 {
            let entries = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                author.message("hello", in: network.chain)
            }
            let delays: [UInt64] = [1, 2, 500, 1_000, 30_001, 60_000, 60_001, 200_000]
            let parent = chain.tip
            let block = chain.append(entries, delay: delays.randomElement(using: &random))
            let read = try #require(try compact(block.header.header, after: parent, on: network))
            let expanded = try chain.rules.expand(
                read,
                after: parent.header,
                historyRoot: parent.history.root
            )
            #expect(expanded == block.header)
        }
    }

    @Test("is refused for its work alone when its nonce is another")
    func work() throws {
        let network = TestNetwork.make()
        var chain = TestChain(on: network)
        let parent = chain.tip
        var header = chain.append().header.header
        while network.parameters.targetLimit.isMet(by: header.hash) { header.nonce += 1 }
        let read = try #require(try compact(header, after: parent, on: network))
        #expect(throws: HeaderViolation.work) {
            try chain.rules.expand(
                read,
                after: parent.header,
                historyRoot: parent.history.root
            )
        }
    }

    @Test("does not expand to a time past the limit", arguments: [1 << 46, 1 << 48] as [UInt64])
    func time(delay: UInt64) throws {
        let network = TestNetwork.make()
        let parent = TestChain(on: network).tip
        var bytes: [UInt8] = [0]
        bytes.append(varint: delay)
        bytes.append(littleEndian: UInt64(0))
        var reader = ByteReader(bytes)
        let compact = try CompactHeader(from: &reader, parameters: network.parameters)
        let spacing = UInt64(network.parameters.minimumSpacing)
        let found = parent.header.header.time.adding(milliseconds: spacing + delay)
        #expect(throws: HeaderViolation.timeOutOfRange(found: found)) {
            try HeaderRules(network).expand(
                compact,
                after: parent.header,
                historyRoot: parent.history.root
            )
        }
    }

    /// The compact form after a way through its bytes.
    private func compact(
        _ header: Header,
        after parent: TestBlock,
        on network: Network
    ) throws -> CompactHeader? {
        let made = CompactHeader(
            header,
            after: parent.header.header.time,
            minimumSpacing: network.parameters.minimumSpacing
        )
        var bytes: [UInt8] = []
        try #require(made).append(to: &bytes)
        var reader = ByteReader(bytes)
        let read = try CompactHeader(from: &reader, parameters: network.parameters)
        try reader.finish()
        #expect(read == made)
        return read
    }
}
