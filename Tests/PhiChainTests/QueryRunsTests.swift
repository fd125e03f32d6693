import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@testable import PhiChain

@Suite("A page of a busy meeting") struct QueryRunsTests {
    /// Blocks of sixty entries, of which every so many belong to the meeting.
    private func fixture(every step: Int) throws -> (QueryFixture, meeting: Digest) {
        var fixture = try QueryFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        var ben = TestAuthor("ben", on: fixture.network)
        let open = ann.open(title: "busy")
        let other = ben.open(title: "between")
        try fixture.add([open, other])
        for _ in 0..<3 {
            ann.see(fixture.chain.tip)
            ben.see(fixture.chain.tip)
            var entries: [Entry] = []
            for index in 0..<60 {
                let isWanted = index.isMultiple(of: step)
                let text = "entry \(index)"
                entries.append(
                    isWanted
                        ? ann.message(text, in: open.id) : ben.message(text, in: other.id)
                )
            }
            try fixture.add(entries)
        }
        return (fixture, open.id)
    }

    @Test(
        "has the same entries however far apart they lie, both ways",
        arguments: [1, 2, 7, 8, 9, 20],
        [false, true]
    )
    func steps(step: Int, isBackwards: Bool) throws {
        let (fixture, meeting) = try fixture(every: step)
        let expected = fixture.recorded.filter {
            $0.entry.meeting == meeting || $0.entry.id == meeting
        }
        var query = HistoryQuery(.meeting(meeting), isBackwards: isBackwards, count: 25)
        var found: [RecordedEntry] = []
        while true {
            let slice = try fixture.reader.history(query)
            found += slice.entries
            guard let next = slice.next else { break }
            query.cursor = next
        }
        if isBackwards { found.reverse() }
        #expect(found.map(\.position) == expected.map(\.position))
        #expect(found.map(\.entry) == expected.map(\.entry))
    }

    @Test("is refused where an entry of it is gone", arguments: [1, 9], [0, 18, 54])
    func hole(step: Int, index: UInt16) throws {
        let (fixture, meeting) = try fixture(every: step)
        var batch = WriteBatch()
        batch.delete(Schema.key(.entry, Position(height: Height(2), index: index)))
        fixture.store.commit(batch, durable: false)
        #expect(throws: StoreFailure.malformedRecord(kind: "entry")) {
            _ = try fixture.reader.history(HistoryQuery(.meeting(meeting), count: 500))
        }
    }
}
