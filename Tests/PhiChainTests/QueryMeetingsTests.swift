import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A query about meetings") struct QueryMeetingsTests {
    @Test("lists all meetings exactly once, both ways", arguments: [1, 2, 3, 50], [false, true])
    func list(count: Int, isBackwards: Bool) throws {
        var fixture = try QueryFixture()
        var expected: [Digest] = []
        for number in 0..<7 {
            var host = TestAuthor("host \(number)", on: fixture.network)
            let open = host.open(title: "\(number)")
            expected.append(open.id)
            try fixture.add([open])
        }
        var found: [Digest] = []
        var cursor: PositionCursor?
        repeat {
            let page = try fixture.reader.meetings(
                after: cursor,
                isBackwards: isBackwards,
                count: count
            )
            #expect(page.meetings.count <= count)
            found += page.meetings.map(\.id)
            cursor = page.next
        } while cursor != nil
        #expect(found == (isBackwards ? expected.reversed() : expected))
    }

    @Test("passes over meetings that are not asked for")
    func filter() throws {
        var fixture = try QueryFixture()
        var host = TestAuthor("host", on: fixture.network)
        let opens = [host.open(), host.open(), host.open()]
        try fixture.add(opens)
        try fixture.add([host.close(opens[1].id)])
        let tip = fixture.ledger.tip.header.height
        let page = try fixture.reader.meetings(after: nil, isBackwards: false, count: 1) {
            $0.isClosed(at: tip)
        }
        #expect(page.meetings.map(\.id) == [opens[1].id])
        let open = try fixture.reader.meetings(after: nil, isBackwards: true, count: 10) {
            !$0.isClosed(at: tip)
        }
        #expect(open.meetings.map(\.id) == [opens[2].id, opens[0].id])
    }

    @Test("names the members page by page, the silent host among them", arguments: [1, 2, 9])
    func members(count: Int) throws {
        var fixture = try QueryFixture()
        var host = TestAuthor("host", on: fixture.network)
        let open = host.open()
        try fixture.add([open])
        var keys: [VerifyingKey] = []
        for number in 0..<5 {
            var guest = TestAuthor("guest \(number)", on: fixture.network)
            keys.append(guest.key)
            try fixture.add([guest.message("hello", in: open.id)])
        }
        var found: [VerifyingKey] = []
        var cursor: KeyCursor?
        repeat {
            let page = try fixture.reader.members(
                of: open.id,
                host: host.key,
                after: cursor,
                count: count
            )
            #expect(page.members.count <= count)
            found += page.members.map(\.author)
            cursor = page.next.flatMap { KeyCursor($0.text) }
            #expect((cursor == nil) == (page.next == nil))
        } while cursor != nil
        #expect(found == (keys + [host.key]).sorted())
    }

    @Test("gives the leaves whose root consensus fixed, then the approvals", arguments: [1, 3, 50])
    func minutes(count: Int) throws {
        var fixture = try QueryFixture()
        var host = TestAuthor("host", on: fixture.network)
        var guest = TestAuthor("guest", on: fixture.network)
        let open = host.open()
        try fixture.add([open])
        try fixture.add([guest.message("1", in: open.id), host.message("2", in: open.id)])
        let close = host.close(open.id)
        try fixture.add([guest.message("3", in: open.id), close])
        let digest = try #require(try fixture.reader.meeting(open.id)).minutes
        let approvals = [
            host.approve(digest, of: open.id, close: close.id),
            guest.approve(digest, of: open.id, close: close.id),
        ]
        try fixture.add(approvals)
        var leaves: [Digest] = []
        var approving: [Digest] = []
        var cursor: MinutesCursor?
        repeat {
            let slice = try fixture.reader.minutes(of: open.id, after: cursor, count: count)
            #expect(slice.firstLeaf == UInt64(leaves.count))
            leaves += slice.leaves
            approving += slice.approvals.map(\.id)
            cursor = slice.next.flatMap { MinutesCursor($0.text) }
            #expect((cursor == nil) == (slice.next == nil))
        } while cursor != nil
        #expect(
            MinutesDigest(count: UInt64(leaves.count), root: MerkleTree.root(ofLeaves: leaves))
                == digest
        )
        #expect(approving == approvals.map(\.id))
    }
}
