import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A header") struct HeaderRulesTests {
    static let network = TestNetwork.make()
    static let chain: TestChain = {
        var chain = TestChain(on: network)
        var author = TestAuthor("author", on: network)
        chain.append()
        chain.append([author.open()])
        chain.append()
        return chain
    }()
    static let rules = chain.rules
    static let parent = chain.blocks[2]
    static let child = chain.blocks[3].header.header

    @Test("is taken as the rules draft it, and named by its hash")
    func sound() throws {
        let judged = try judge(Self.child)
        #expect(judged.header == Self.child)
        #expect(judged.hash == Self.child.hash)
    }

    @Test("is refused when it names another parent")
    func link() {
        refuses(.notLinked) { $0.previous = Self.network.chain }
        refuses(.notLinked) { $0.previous = .zero }
    }

    @Test("is refused with any height but the parent's and one", arguments: [0, 2, 4, UInt32.max])
    func height(found: UInt32) {
        refuses(.height(expected: 3, found: Height(found))) { $0.height = Height(found) }
    }

    @Test("commits to as many entries as the network allows, and no more")
    func entryCount() throws {
        let limit = Self.network.parameters.maximumEntries
        takes {
            $0.entryCount = limit
            $0.bodyBytes = 1
        }
        for found in [limit + 1, .max] {
            refuses(.tooManyEntries(limit: limit, found: found)) { $0.entryCount = found }
        }
    }

    @Test("commits to as many bytes as the network allows, and no more")
    func bodyBytes() throws {
        let limit = Self.network.parameters.maximumBodyBytes
        takes {
            $0.entryCount = 1
            $0.bodyBytes = limit
        }
        for found in [limit + 1, .max] {
            refuses(.bodyTooLarge(limit: limit, found: found)) {
                $0.entryCount = 1
                $0.bodyBytes = found
            }
        }
    }

    @Test("without entries commits to no bytes and the empty root")
    func emptyBody() {
        refuses(.emptyBody) { $0.bodyBytes = 1 }
        refuses(.emptyBody) { $0.entriesRoot = .zero }
        refuses(.emptyBody) { $0.entriesRoot = MerkleTree.leaf([]) }
        takes { _ in }
    }

    @Test("is refused with another idle time", arguments: [1, 1_000, UInt64.max])
    func idle(found: UInt64) {
        refuses(.idle(expected: 0, found: found)) { $0.idle = found }
    }

    @Test("is refused with less idle time than its chain forgave, or more")
    func idleBelow() {
        var chain = Self.chain
        let parent = chain.append(delay: UInt64(Self.network.parameters.idleCap) + 5)
        var header = chain.append().header.header
        #expect(header.idle == 5)
        for found in [0, 4, 6] as [UInt64] {
            header.idle = found
            let mined = TestNetwork.mined(header, target: Self.network.parameters.targetLimit)
            #expect(throws: HeaderViolation.idle(expected: 5, found: found)) {
                try Self.rules.judge(
                    mined,
                    after: parent.header,
                    historyRoot: parent.history.root
                )
            }
        }
    }

    @Test("is refused with other bits, near or impossible")
    func bits() {
        let expected = Self.child.bits
        for found in [expected - 1, expected + 1, 0, 0x0080_0000, .max, 0x2100_ffff] {
            refuses(.bits(expected: expected, found: found)) { $0.bits = found }
        }
    }

    @Test("is refused with another work of the chain")
    func chainWork() {
        let expected = Self.child.chainWork
        let near = [expected.rawValue - 1, expected.rawValue + 1, 0, .max].map(Work.init(rawValue:))
        for found in near {
            refuses(.chainWork(expected: expected, found: found)) { $0.chainWork = found }
        }
    }

    @Test("is refused with another history")
    func historyRoot() {
        refuses(.historyRoot) { $0.historyRoot = .zero }
        refuses(.historyRoot) { $0.historyRoot = Self.chain.blocks[1].history.root }
        refuses(.historyRoot) { $0.historyRoot = Self.chain.blocks[3].history.root }
    }

    @Test("is refused when its hash does not meet the target, though all else is right")
    func work() throws {
        let target = Self.network.parameters.targetLimit
        var header = Self.child
        while target.isMet(by: header.hash) { header.nonce += 1 }
        #expect(throws: HeaderViolation.work) { try judge(header) }
    }

    @Test("has a hash that may equal the target and not pass it")
    func workBoundary() throws {
        let target = Target.powerOfTwo(255)
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes[0] = 0x80
        #expect(target.isMet(by: Digest(reading: bytes, at: 0)))
        bytes[31] = 1
        #expect(!target.isMet(by: Digest(reading: bytes, at: 0)))
    }

    @Test("changes its name with every bit, and then is refused or is another block")
    func flips() throws {
        let bytes = Self.child.encoded
        for bit in 32..<(148 * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            let header = try Header(decoding: changed)
            #expect(header.hash != Self.child.hash)
            // The parent fixes every field but the time and the entry count, about which the body
            // will tell; an empty body fixes its size and root.
            let isFree = (8..<12).contains(bit / 8) || (128..<136).contains(bit / 8)
            #expect(violation(header) != nil || isFree, "bit \(bit)")
        }
    }

    @Test("keeps the genesis bits at any pace where the network does not retarget")
    func noRetarget() {
        var chain = Self.chain
        for delay in [1, 1, 1, 1_000_000, 90_000_000, 1] as [UInt64] {
            let block = chain.append(delay: delay)
            #expect(block.header.header.bits == Self.network.genesis.bits)
        }
        // Idle time counts all the same: 60 intervals of each long gap are not forgiven.
        #expect(chain.tip.header.header.idle == 940_000 + 89_940_000)
    }

    private func judge(_ header: Header) throws(HeaderViolation) -> ValidHeader {
        try Self.rules.judge(
            header,
            after: Self.parent.header,
            historyRoot: Self.parent.history.root
        )
    }

    private func violation(_ header: Header) -> HeaderViolation? {
        do {
            _ = try judge(header)
            return nil
        } catch { return error }
    }

    private func takes(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout Header) -> Void
    ) {
        #expect(violation(changed(change)) == nil, sourceLocation: sourceLocation)
    }

    private func refuses(
        _ expected: HeaderViolation,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout Header) -> Void
    ) {
        #expect(violation(changed(change)) == expected, sourceLocation: sourceLocation)
    }

    /// The child with a change and its work done anew.
    private func changed(_ change: (inout Header) -> Void) -> Header {
        var header = Self.child
        change(&header)
        return TestNetwork.mined(header, target: Self.network.parameters.targetLimit)
    }
}
