import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A promise") struct PromisesTests {
    private let network = TestBench.network

    /// Gives an entry as a peer does that was asked for it.
    private func give(_ entry: Entry, to bench: inout TestBench) {
        bench.receive(.inventory([entry.leaf]), from: 1)
        bench.step(.tick)
        bench.receive(.entries([entry]), from: 1)
        #expect(bench.node.pooled(.entry(entry.id)).count == 1)
    }

    /// What waits after a restart.
    private func remaining(_ bench: inout TestBench) throws -> [Entry] {
        try bench.restart()
        bench.step(.tick)
        return bench.node.pooled(.all(limit: 99)).map(\.valid.entry)
    }

    @Test("keeps what the host had opened before the meeting")
    func earlierOpen() throws {
        var bench = try TestBench()
        bench.greet(1)
        var host = TestAuthor("host", on: network)
        var guest = TestAuthor("guest", on: network)
        let opens = [host.open(), host.open()]
        for open in opens { give(open, to: &bench) }
        let entry = guest.message("hello", in: opens[1].id)
        #expect(try bench.submit(entry) == .success(entry.id))
        #expect(try remaining(&bench) == opens + [entry])
    }

    @Test("keeps what comes before an entry that got another stamp")
    func restamped() throws {
        var bench = try TestBench()
        bench.greet(1)
        var host = TestAuthor("host", on: network)
        let open = host.open()
        let entries = (0..<3).map { host.message("\($0)", in: open.id) }
        for entry in [open] + entries { give(entry, to: &bench) }
        let work = max(1, entries[1].stampWork * 2)
        let nonce = try #require(Stamp.search(id: entries[1].id, work: work, in: 0..<(1 << 40)))
        let other = entries[1].restamped(work: work, nonce: nonce)
        #expect(try bench.submit(other) == .success(other.id))
        let last = host.message("last", in: open.id)
        #expect(try bench.submit(last) == .success(last.id))
        #expect(try remaining(&bench) == [open, entries[0], other, entries[2], last])
    }
}
