import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Synchronization
import Testing

@testable import PhiChain

@Suite("A history query") struct QueryHistoryTests {
    /// All positions of a query, page by page, with the cursors passed through their text.
    private func walk(
        _ query: HistoryQuery,
        in reader: ChainReader<MemoryStore.Snapshot>
    ) throws -> [Position] {
        var query = query
        var found: [Position] = []
        while true {
            let slice = try reader.history(query)
            #expect(slice.entries.count <= query.count)
            found += slice.entries.map(\.position)
            guard let next = slice.next else { return found }
            let cursor = try #require(PositionCursor(next.text))
            query.cursor = cursor
        }
    }

    @Test(
        "covers a meeting exactly once in pages of any size, both ways",
        arguments: [1, 2, 3, 7, 31, 32, 500],
        [false, true]
    )
    func pages(count: Int, isBackwards: Bool) throws {
        let (fixture, meeting, _) = try QueryFixture.busy()
        let expected = fixture.positions { $0.meeting == meeting || $0.id == meeting }
        let query = HistoryQuery(.meeting(meeting), isBackwards: isBackwards, count: count)
        let found = try walk(query, in: fixture.reader)
        #expect(found == (isBackwards ? expected.reversed() : expected))
    }

    @Test("covers an author exactly once over all meetings, both ways", arguments: [false, true])
    func author(isBackwards: Bool) throws {
        let (fixture, _, ann) = try QueryFixture.busy()
        let expected = fixture.positions { $0.author == ann.key }
        let query = HistoryQuery(.author(ann.key), isBackwards: isBackwards, count: 4)
        let found = try walk(query, in: fixture.reader)
        #expect(found == (isBackwards ? expected.reversed() : expected))
    }

    @Test("keeps to one author of one meeting", arguments: [1, 5, 500], [false, true])
    func filter(count: Int, isBackwards: Bool) throws {
        let (fixture, meeting, ann) = try QueryFixture.busy()
        let expected = fixture.positions {
            $0.author == ann.key && ($0.meeting == meeting || $0.id == meeting)
        }
        let query = HistoryQuery(
            .authorInMeeting(ann.key, meeting),
            isBackwards: isBackwards,
            count: count
        )
        let found = try walk(query, in: fixture.reader)
        #expect(found == (isBackwards ? expected.reversed() : expected))
    }

    @Test("keeps to a range of heights, both ends included", arguments: [false, true])
    func range(isBackwards: Bool) throws {
        let (fixture, meeting, _) = try QueryFixture.busy()
        let (low, high) = (Height(5), Height(9))
        let expected = fixture.positions { $0.meeting == meeting || $0.id == meeting }
            .filter { (low...high).contains($0.height) }
        #expect(!expected.isEmpty)
        let query = HistoryQuery(
            .meeting(meeting),
            from: low,
            to: high,
            isBackwards: isBackwards,
            count: 2
        )
        let found = try walk(query, in: fixture.reader)
        #expect(found == (isBackwards ? expected.reversed() : expected))
    }

    @Test("goes back from a page by its previous cursor")
    func previous() throws {
        let (fixture, meeting, _) = try QueryFixture.busy()
        let expected = fixture.positions { $0.meeting == meeting || $0.id == meeting }
        var query = HistoryQuery(.meeting(meeting), count: 10)
        query.cursor = try fixture.reader.history(query).next
        let second = try fixture.reader.history(query)
        query.cursor = second.previous
        query.isBackwards = true
        let found = try walk(query, in: fixture.reader)
        #expect(found == expected.prefix(10).reversed())
    }

    @Test("finds nothing for an unknown meeting and has no cursor there")
    func unknown() throws {
        let (fixture, _, _) = try QueryFixture.busy()
        let slice = try fixture.reader.history(HistoryQuery(.meeting(.zero)))
        #expect(slice.entries.isEmpty)
        #expect(slice.next == nil)
        #expect(slice.previous == nil)
    }

    /// A store in which one entry stands at many positions.
    private func store(of count: Int) throws -> (MemoryStore, Network, ValidEntry) {
        let network = TestNetwork.make()
        var ann = TestAuthor("ann", on: network)
        let open = ann.open()
        let valid = try ValidEntry(judging: ann.message("x", in: open.id), on: network)
        let store = MemoryStore()
        try StoreFormat.prepare(store, network: network)
        var batch = WriteBatch()
        for number in 0..<count {
            let height = Height(UInt32(number / 100 + 1))
            batch.index(valid, at: Position(height: height, index: UInt16(number % 100)))
        }
        store.commit(batch, durable: false)
        return (store, network, valid)
    }

    @Test("costs as much in a long history as in a short one", arguments: [false, true])
    func flatness(isBackwards: Bool) throws {
        var costs: [Int] = []
        for count in [200, 5_000] {
            let (store, network, valid) = try store(of: count)
            let counting = CountingReader(base: store.snapshot())
            let slice = try ChainReader(counting, network: network).history(
                HistoryQuery(
                    .meeting(valid.entry.meeting),
                    cursor: PositionCursor(Position(height: Height(2), index: 0)),
                    isBackwards: isBackwards,
                    count: 20
                )
            )
            #expect(slice.entries.count == 20)
            costs.append(counting.count.reads.withLock { $0 })
        }
        #expect(costs[0] == costs[1])
        #expect(costs[0] <= 41)
    }

    @Test("looks at a bounded number of other entries and then gives a cursor")
    func scanBound() throws {
        let (store, network, valid) = try store(of: HistoryQuery.scanLimit + 10)
        let reader = ChainReader(store.snapshot(), network: network)
        var query = HistoryQuery(.authorInMeeting(valid.entry.author, .zero))
        let first = try reader.history(query)
        #expect(first.entries.isEmpty)
        #expect(first.scanned == HistoryQuery.scanLimit)
        let cursor = try #require(first.next)
        query.cursor = cursor
        let second = try reader.history(query)
        #expect(second.scanned == 10)
        #expect(second.next == nil)
    }
}

@Suite("A cursor") struct QueryCursorTests {
    static let position = PositionCursor(Position(height: Height(0x0102_0304), index: 0x0506))

    @Test("comes back from its text")
    func roundTrip() {
        #expect(Self.position.text == "p010203040506")
        #expect(PositionCursor(Self.position.text) == Self.position)
        let key = KeyCursor(TestKey("ann").verifyingKey)
        #expect(KeyCursor(key.text) == key)
        let minutes = MinutesCursor(Self.position.position, leafCount: 7)
        #expect(MinutesCursor(minutes.text) == minutes)
    }

    @Test(
        "is refused when its text is malformed",
        arguments: [
            "", "p", "q010203040506", "p01020304050", "p0102030405067", "p01020304050g",
            "p01020304050A", "P010203040506", "k010203040506", " p01020304050",
        ]
    )
    func malformed(text: String) {
        #expect(PositionCursor(text) == nil)
        #expect(KeyCursor(text) == nil)
        #expect(MinutesCursor(text) == nil)
    }
}
