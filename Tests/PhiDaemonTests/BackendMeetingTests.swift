import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@testable import PhiDaemon

@Suite("The backend about a meeting") struct BackendMeetingTests {
    /// A closed meeting with two authors, signed minutes, and another one still open.
    private func fill(
        _ fixture: BackendFixture
    ) throws -> (meeting: Digest, other: Digest, expected: [Entry]) {
        var host = TestAuthor("host", on: fixture.network)
        var guest = TestAuthor("guest", on: fixture.network)
        let open = host.open(title: "plans")
        let other = guest.open()
        try fixture.add([open, other])
        var expected = [open]
        for round in 0..<9 {
            let entries = [
                host.message("\(round)", in: open.id), guest.message("\(round)", in: open.id),
            ]
            try fixture.add(entries)
            expected += entries
        }
        let close = host.close(open.id)
        try fixture.add([close])
        let digest = try #require(try fixture.ledger.chain.meeting(open.id)).minutes
        let approval = host.approve(digest, of: open.id, close: close.id)
        try fixture.add([approval])
        return (open.id, other.id, expected + [close, approval])
    }

    @Test("gives its terms and state, and lists it")
    func get() async throws {
        let fixture = try BackendFixture()
        let (id, other, _) = try fill(fixture)
        let name = Bech32m.encode(prefix: fixture.network.prefix, id.bytes)
        for reference in [JSON.hex(id), .string(name)] {
            let meeting: MeetingDocument = try await fixture.read(
                "meeting.get",
                ["meeting": reference]
            )
            #expect(meeting.meeting == id)
            #expect(!meeting.isOpen)
            #expect(meeting.terms.readableTitle == "plans")
            #expect(meeting.minutes.count == 20)
            #expect(try MeetingDocument(parsing: meeting.serialized()) == meeting)
        }
        for (state, expected) in [("open", [other]), ("closed", [id])] {
            let page: DocumentPage<MeetingDocument> = try await fixture.read(
                "meeting.list",
                ["state": .string(state)]
            )
            #expect(page.items.map(\.meeting) == expected)
        }
        let error = try await fixture.failure("meeting.get", ["meeting": .hex(Digest.zero)])
        #expect(error?.code == APIError.Code.notFound)
    }

    @Test(
        "gives its history exactly once, both ways",
        arguments: [1, 4, 500],
        ["forward", "backward"]
    )
    func history(limit: Int, direction: String) async throws {
        let fixture = try BackendFixture()
        let (id, _, expected) = try fill(fixture)
        var found: [Entry] = []
        var cursor: String?
        repeat {
            let page: HistoryPage = try await fixture.read(
                "meeting.history",
                [
                    "meeting": .hex(id), "limit": .integer(Int64(limit)),
                    "direction": .string(direction), "proof": true,
                    "cursor": cursor.map(JSON.string) ?? .null,
                ]
            )
            #expect(page.entries.allSatisfy { $0.proof?.proves(leaf: $0.entry.leaf) == true })
            found += page.entries.map(\.entry)
            cursor = page.next
        } while cursor != nil
        #expect(found == (direction == "forward" ? expected : expected.reversed()))
    }

    @Test("shows what waits for it, once")
    func pending() async throws {
        let fixture = try BackendFixture()
        var host = TestAuthor("host", on: fixture.network)
        var guest = TestAuthor("guest", on: fixture.network)
        let open = host.open()
        let first = host.message("1", in: open.id)
        try fixture.add([open, first])
        try fixture.pool(first)
        let waiting = [guest.message("2", in: open.id), host.message("3", in: open.id)]
        for entry in waiting { try fixture.pool(entry) }
        let all: HistoryPage = try await fixture.read(
            "meeting.history",
            ["meeting": .hex(open.id), "includePending": true]
        )
        #expect(all.entries.map(\.id) == [open.id, first.id])
        #expect(all.pending.map(\.id) == waiting.map(\.id))
        let one: HistoryPage = try await fixture.read(
            "meeting.history",
            ["meeting": .hex(open.id), "includePending": true, "author": .hex(guest.key)]
        )
        #expect(one.pending.map(\.id) == [waiting[0].id])
        let head: AuthorHeadDocument = try await fixture.read(
            "author.head",
            ["author": .hex(host.key), "meeting": .hex(open.id)]
        )
        #expect(head.sequence == 2)
        #expect(head.previous == waiting[1].id)
        #expect(head.pending == 1)
        let feed: AuthorHeadDocument = try await fixture.read(
            "author.head",
            ["author": .hex(host.key)]
        )
        #expect(feed.sequence == 1)
        #expect(feed.previous == open.id)
    }

    @Test("names its members and its minutes")
    func minutes() async throws {
        let fixture = try BackendFixture()
        let (id, _, expected) = try fill(fixture)
        let members: DocumentPage<MemberDocument> = try await fixture.read(
            "meeting.members",
            ["meeting": .hex(id)]
        )
        #expect(Set(members.items.map(\.state)) == [.host, .member])
        #expect(try DocumentPage<MemberDocument>(parsing: members.serialized()) == members)
        #expect(members.items.first { $0.state == .host }?.hasApproved == true)
        var leaves: [Digest] = []
        var approvals: [Digest] = []
        var cursor: String?
        repeat {
            let page: MinutesDocument = try await fixture.read(
                "meeting.minutes",
                ["meeting": .hex(id), "limit": 6, "cursor": cursor.map(JSON.string) ?? .null]
            )
            #expect(page.isClosed)
            #expect(page.minutes.count == 20)
            #expect(page.firstLeaf == UInt64(leaves.count))
            leaves += page.leaves
            approvals += page.approvals.map(\.id)
            if page.next == nil { #expect(MerkleTree.root(ofLeaves: leaves) == page.minutes.root) }
            cursor = page.next
        } while cursor != nil
        #expect(leaves == expected.dropLast().map(\.leaf))
        #expect(approvals == [expected[expected.count - 1].id])
    }

    @Test(
        "refuses a cursor that no page gave",
        arguments: ["meeting.history", "meeting.list", "meeting.members", "meeting.minutes"]
    )
    func cursors(method: String) async throws {
        let fixture = try BackendFixture()
        let (id, _, _) = try fill(fixture)
        for text in ["", "x", "p0", "p01020304050G", "k00"] {
            var parameters: [(String, JSON)] = [("cursor", .string(text))]
            if method != "meeting.list" { parameters.append(("meeting", .hex(id))) }
            let error = try await fixture.failure(method, .object(parameters))
            #expect(error?.data?["field"] == "cursor")
        }
    }
}
