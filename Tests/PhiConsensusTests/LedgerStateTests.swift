import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A ledger state") struct LedgerStateTests {
    static let network = TestNetwork.make()

    /// A source that fails at one kind of question.
    struct Broken: LedgerStateSource {
        enum Part: Error, CaseIterable {
            case meeting
            case author
            case openings
        }

        var table: StateTable
        var part: Part

        func meeting(_ id: Digest) throws(Part) -> MeetingState? {
            guard part != .meeting else { throw part }
            return table.meetings[id]
        }

        func author(_ slot: AuthorSlot) throws(Part) -> AuthorState? {
            guard part != .author else { throw part }
            return table.authors[slot]
        }

        func openings(by author: VerifyingKey) throws(Part) -> [Height] {
            guard part != .openings else { throw part }
            return table.openings[author] ?? []
        }
    }

    @Test("passes a failure of its source on, and changes nothing", arguments: Broken.Part.allCases)
    func sourceFails(part: Broken.Part) throws {
        let ledger = Ledger(on: Self.network)
        var host = TestAuthor("host", on: Self.network)
        let meeting = ledger.takes(host.open(writing: .named))
        let entries = [
            host.trying { $0.open() },
            host.trying { $0.message("hello", in: meeting) },
            host.trying { $0.admit([TestKey("guest").verifyingKey], to: meeting) },
        ]
        for entry in entries {
            var state = LedgerState(
                over: Broken(table: ledger.table, part: part),
                parameters: Self.network.parameters
            )
            let asks = part != .openings || entry.kind == .open
            do {
                try state.apply(ValidEntry(judging: entry, on: Self.network), at: Height(1))
                #expect(!asks)
            } catch let failure as ApplyFailure<Broken.Part> {
                guard case .source(part) = failure else {
                    Issue.record(failure)
                    continue
                }
                #expect(asks)
                #expect(state.changedMeetings.isEmpty && state.changedAuthors.isEmpty)
                #expect(state.changedOpenings.isEmpty)
            }
        }
    }

    @Test("tells what it changed, and what was there before")
    func changes() throws {
        let first = Ledger(on: Self.network)
        var host = TestAuthor("host", on: Self.network)
        let meeting = first.takes(host.open(), at: 1)
        let before = first.table
        let second = Ledger(on: Self.network, over: before)
        second.takes(host.message("hello", in: meeting), at: 2)
        let other = second.takes(host.open())
        let slots = second.state.changedAuthors
        #expect(slots.map(\.key) == slots.map(\.key).sorted())
        #expect(slots.count == 2)
        for (key, record) in slots { #expect(record.original == before.authors[key]) }
        let meetings = second.state.changedMeetings
        #expect(meetings.map(\.key) == [meeting, other].sorted())
        for (key, record) in meetings { #expect(record.original == before.meetings[key]) }
        let openings = try #require(second.state.changedOpenings.first)
        #expect(openings.record.original == [Height(1)])
        #expect(openings.record.current == [Height(1), Height(2)])
        var table = second.table
        #expect(table != before)
        table.revert(second.state)
        #expect(table == before)
    }

    @Test("orders authors by their meeting, then by their key")
    func order() {
        let low = TestKey("a").verifyingKey
        let high = TestKey("b").verifyingKey
        let (first, second) = low < high ? (low, high) : (high, low)
        let one = Digest.zero
        let two = SHA256.hash([1])
        let slots = [
            AuthorSlot(meeting: one, author: first), AuthorSlot(meeting: one, author: second),
            AuthorSlot(meeting: two, author: first), AuthorSlot(meeting: two, author: second),
        ]
        for (place, slot) in slots.enumerated() {
            for (other, rival) in slots.enumerated() {
                #expect((slot < rival) == (place < other))
            }
        }
    }

    @Test("has no changes when it only looked")
    func lookups() {
        let first = Ledger(on: Self.network)
        var host = TestAuthor("host", on: Self.network)
        let meeting = first.takes(host.open())
        let second = Ledger(on: Self.network, over: first.table)
        let guest = TestAuthor("guest", on: Self.network)
        second.refuses(guest.trying { $0.close(meeting) }, as: .notHost)
        second.refuses(host.trying { $0.admit([guest.key], to: meeting) }, as: .notNamedMeeting)
        #expect(second.state.changedMeetings.isEmpty)
        #expect(second.state.changedAuthors.isEmpty)
    }
}

@Suite("A record of the state") struct StateRecordTests {
    static let authors: [AuthorState] = {
        var author = AuthorState()
        var all = [author]
        author.standing = .member
        author.nextSequence = 7
        author.lastID = SHA256.hash([1])
        all.append(author)
        author.standing = .revoked
        author.hasApproved = true
        author.nextSequence = .max
        author.agreementKey = AgreementPublicKey(words: SHA256.hash([2]).words)
        all.append(author)
        return all
    }()

    @Test("of an author is read as it was written", arguments: authors)
    func author(state: AuthorState) throws {
        let bytes = state.encoded
        #expect(try AuthorState(decoding: bytes) == state)
        #expect(bytes.count == (state.agreementKey.isZero ? 42 : 74))
        for count in bytes.indices where count != 42 {
            #expect(throws: DecodingFailure.self) {
                try AuthorState(decoding: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: DecodingFailure.self) { try AuthorState(decoding: bytes + [0]) }
        var wrong = bytes
        wrong[0] = 3
        #expect(throws: DecodingFailure.unknown(field: "standing", found: 3)) {
            try AuthorState(decoding: wrong)
        }
        wrong = bytes
        wrong[1] = 2
        #expect(throws: DecodingFailure.overLimit(field: "approved", limit: 1, found: 2)) {
            try AuthorState(decoding: wrong)
        }
    }

    @Test("of a meeting is read as it was written", arguments: [0, 1, 2, 6])
    func meeting(count: Int) throws {
        let network = TestNetwork.make()
        let ledger = Ledger(on: network)
        var host = TestAuthor("host", on: network)
        let meeting = ledger.takes(
            host.open(reading: .secretHolders, readCheck: SHA256.hash([3]), lifetime: 70),
            at: 9
        )
        for index in 0..<count { ledger.takes(host.message("\(index)", in: meeting)) }
        try check(ledger.meeting(meeting))
        #expect(try closing(ledger.meeting(meeting)) == [0, 0, 0, 0, 0])
        ledger.takes(host.close(meeting), at: 10)
        try check(ledger.meeting(meeting))
        #expect(try closing(ledger.meeting(meeting)) == [1, 10, 0, 0, 0])
    }

    /// Whether it is closed, and the height, behind host, policies, two keys, lifetime and height.
    private func closing(_ state: MeetingState) throws -> [UInt8] {
        let start = 32 + 2 + 32 + 32 + 4 + 4
        return Array(state.encoded[start..<start + 5])
    }

    private func check(_ state: MeetingState) throws {
        let bytes = state.encoded
        #expect(try MeetingState(decoding: bytes) == state)
        for count in bytes.indices {
            #expect(throws: DecodingFailure.self) {
                try MeetingState(decoding: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: DecodingFailure.self) { try MeetingState(decoding: bytes + [0]) }
        for index in [32, 33] {
            var wrong = bytes
            wrong[index] = 3
            #expect(throws: DecodingFailure.self) { try MeetingState(decoding: wrong) }
        }
    }
}
