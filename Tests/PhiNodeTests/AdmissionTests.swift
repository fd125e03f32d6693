import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("A join by link") struct AdmissionTests {
    static let network = TestBench.network
    let link = TestKey("link")
    let other = TestKey("other link")
    var host = TestAuthor("host", on: network)
    var bench: TestBench
    /// The chain that the node follows; its first block opens the meeting.
    var chain = TestChain(on: network)
    let meeting: Digest

    init() throws {
        bench = try TestBench()
        let open = host.open(writing: .link, linkKey: link.verifyingKey)
        meeting = open.id
        try connect([open])
    }

    /// Connects a block of entries that nobody in the pool has to thank for.
    private mutating func connect(_ entries: [Entry] = []) throws {
        let block = chain.append(entries)
        let valid = try entries.map { try ValidEntry(judging: $0, on: Self.network) }
        bench.step(.mined(block.header.header, valid))
        #expect(bench.node.tip == block.header)
    }

    private func join(_ name: String, by key: TestKey? = nil) -> Entry {
        var author = TestAuthor(name, on: Self.network)
        return author.join(meeting, by: key ?? link)
    }

    /// What the link keys said of the entries in the pool.
    private var verdicts: [AdmissionVerdict] {
        bench.node.pooled(.all(limit: .max)).map(\.valid.admissionVerdict)
    }

    /// The entries of the last block that connected, as they were before it did.
    private var connected: [ValidEntry] {
        for case .connected(_, let entries) in bench.notices.reversed() { return entries }
        return []
    }

    @Test("is checked once, however many blocks leave it waiting")
    mutating func once() throws {
        let joins = (0..<1_000).map { join("guest \($0)") }
        for join in joins { #expect(try bench.submit(join) == .success(join.id)) }
        #expect(bench.node.pool.admissionChecks == 1_000)
        for _ in 0..<10 { try connect() }
        #expect(bench.node.pooledCount == 1_000)
        #expect(bench.node.pool.admissionChecks == 1_000)
        #expect(verdicts.allSatisfy { $0 == .signed(by: link.verifyingKey) })
        let recorded = try #require(try bench.mine())
        #expect(recorded.count > 100)
        #expect(connected.count == recorded.count)
        #expect(connected.allSatisfy { $0.admissionVerdict == .signed(by: link.verifyingKey) })
        #expect(bench.node.pool.admissionChecks == 1_000)
        #expect(bench.node.pooledCount == 1_000 - recorded.count)
    }

    @Test("of a peer is checked by the judges where the meeting is known, by the pool else")
    mutating func delivered() throws {
        bench.greet(1, tip: chain.tip)
        let known = join("a")
        var stranger = TestAuthor("stranger", on: Self.network)
        let open = stranger.open(writing: .link, linkKey: other.verifyingKey)
        var guest = TestAuthor("b", on: Self.network)
        let early = guest.join(open.id, by: other)
        var second = TestAuthor("c", on: Self.network)
        let late = second.join(open.id, by: other)
        for (entry, checks) in [(known, 0), (early, 0), (open, 1), (late, 1)] {
            bench.receive(.inventory([entry.leaf]), from: 1)
            bench.receive(.entries([entry]), from: 1)
            #expect(bench.node.pool.admissionChecks == checks)
        }
        #expect(bench.node.pooledCount == 4)
        try connect()
        #expect(bench.node.pooledCount == 4)
        #expect(bench.node.pool.admissionChecks == 1)
        #expect(verdicts.filter { $0 == .unasked }.count == 1)
    }

    @Test("in a block is checked by the judges where the meeting was known before")
    mutating func inBlock() throws {
        bench.greet(1, tip: chain.tip)
        var stranger = TestAuthor("stranger", on: Self.network)
        let open = stranger.open(writing: .link, linkKey: other.verifyingKey)
        var guest = TestAuthor("b", on: Self.network)
        chain.append([join("a"), open, guest.join(open.id, by: other)])
        give()
        #expect(bench.node.tip == chain.tip.header)
        let signed = AdmissionVerdict.signed(by: link.verifyingKey)
        #expect(connected.map(\.admissionVerdict) == [signed, .unasked, .unasked])
    }

    /// Has the peer show its last block and give it.
    private mutating func give() {
        let parent = chain.blocks[chain.blocks.count - 2]
        bench.receive(TestBench.headers([chain.tip], after: parent), from: 1)
        let body = chain.tip.body.encoded
        bench.receive(.block(hash: chain.tip.hash, body: body), from: 1)
    }

    @Test("with a wrong signature comes in nowhere")
    mutating func forged() throws {
        let forged = join("a", by: other)
        let refusal = SubmitRefusal.context(.admission(.mismatch))
        for _ in 0..<2 { #expect(try bench.submit(forged) == .failure(refusal)) }
        bench.greet(1, tip: chain.tip)
        bench.receive(.inventory([forged.leaf]), from: 1)
        bench.receive(.entries([forged]), from: 1)
        #expect(bench.node.pooledCount == 0)
        chain.append([join("b"), forged])
        give()
        #expect(bench.node.tip == chain.blocks[1].header)
        let failure = NodeReport.invalidBlock(
            chain.tip.hash,
            .entry(index: 1, .admission(.mismatch))
        )
        #expect(bench.reports.contains(failure))
    }

    @Test("leaves the pool when its link is changed by a block, and one by the new link stays")
    mutating func changedLink() throws {
        let old = join("a")
        #expect(try bench.submit(old) == .success(old.id))
        let revoke = host.trying { [meeting, key = other.verifyingKey] in
            $0.revoke(in: meeting, linkKey: key)
        }
        #expect(try bench.submit(revoke) == .success(revoke.id))
        let new = join("b", by: other)
        #expect(try bench.submit(new) == .success(new.id))
        try connect([revoke])
        bench.step(.resume)
        #expect(bench.node.pooled(.all(limit: 9)).map(\.valid.id) == [new.id])
        #expect(verdicts == [.signed(by: other.verifyingKey)])
        #expect(try bench.mine()?.map(\.id) == [new.id])
    }

    @Test("is recorded together with the change of the link that it waits for")
    mutating func sameBlock() throws {
        let old = join("a")
        let revoke = host.revoke(in: meeting, linkKey: other.verifyingKey)
        let entries = [old, revoke, join("b", by: other), host.message("x", in: meeting)]
        for entry in entries { #expect(try bench.submit(entry) == .success(entry.id)) }
        let recorded = try #require(try bench.mine())
        #expect(bench.node.tip.header.height == Height(2))
        let waiting = bench.node.pooledCount
        #expect(recorded.contains { $0.id == entries[2].id })
        #expect(recorded.count + waiting == entries.count)
    }

    @Test("that a reorganization took back is checked again, once")
    mutating func reorganized() throws {
        let fork = chain
        let joins = (0..<5).map { join("guest \($0)") }
        for join in joins { #expect(try bench.submit(join) == .success(join.id)) }
        try connect(joins)
        #expect(bench.node.pooledCount == 0)
        let checks = bench.node.pool.admissionChecks
        chain = fork
        chain.grow(by: 3, delay: 5_000)
        bench.greet(1, tip: chain.tip)
        bench.receive(chain.message(above: Height(1)), from: 1)
        #expect(bench.node.tip == chain.tip.header)
        #expect(bench.node.pooledCount == 5)
        #expect(bench.node.pool.admissionChecks == checks + 5)
        try connect()
        #expect(bench.node.pool.admissionChecks == checks + 5)
    }
}
