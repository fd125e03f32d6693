import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("The chain of an author's entries") struct SequenceRuleTests {
    static let network = TestNetwork.make()

    @Test("starts at zero without a predecessor in each meeting, the host's too")
    func start() {
        let ledger = Ledger(on: Self.network)
        var host = TestAuthor("host", on: Self.network)
        let first = ledger.takes(host.open())
        let second = ledger.takes(host.open())
        ledger.takes(host.message("first", in: first))
        ledger.takes(host.message("first", in: second))
        #expect(host.position(in: .zero).sequence == 2)
        #expect(host.position(in: second).sequence == 1)
        #expect(ledger.author(host.key, in: .zero).nextSequence == 2)
        #expect(ledger.author(host.key, in: .zero).lastID == second)
    }

    @Test("has neither gap nor repetition", arguments: [0, 1, 3, 4, UInt64.max])
    func sequence(found: UInt64) {
        let ledger = Ledger(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        let meeting = ledger.takes(author.open())
        for _ in 0..<2 { ledger.takes(author.message("hello", in: meeting)) }
        let refusal = ContextViolation.sequence(expected: 2, found: found)
        ledger.refuses(author.message("wrong", in: meeting) { $0.sequence = found }, as: refusal)
        #expect(refusal.mayPass == (found > 2))
        ledger.takes(author.message("right", in: meeting))
    }

    @Test("takes no entry twice")
    func replay() {
        let ledger = Ledger(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        let open = author.open()
        let meeting = ledger.takes(open)
        let message = author.message("once", in: meeting)
        ledger.takes(message)
        ledger.refuses(message, as: .sequence(expected: 1, found: 0))
        ledger.refuses(open, as: .sequence(expected: 1, found: 0))
    }

    @Test("links each entry to the one before")
    func previous() {
        let ledger = Ledger(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        let meeting = ledger.takes(author.open())
        ledger.refuses(
            author.message("wrong", in: meeting) { $0.previous = meeting },
            as: .previous(expected: .zero)
        )
        let first = ledger.takes(author.message("first", in: meeting))
        for wrong in [Digest.zero, meeting, SHA256.hash([])] {
            ledger.refuses(
                author.message("wrong", in: meeting) { $0.previous = wrong },
                as: .previous(expected: first)
            )
        }
        let violation = ContextViolation.previous(expected: first)
        #expect(!violation.mayPass)
        ledger.refuses(author.open { $0.previous = .zero }, as: .previous(expected: meeting))
        ledger.refuses(
            author.open { $0.sequence = 0 },
            as: .sequence(expected: 1, found: 0)
        )
    }

    @Test("ends where two entries compete, and goes on after the first")
    func equivocation() {
        let ledger = Ledger(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        let meeting = ledger.takes(author.open())
        let other = author.trying { $0.message("other", in: meeting) }
        let afterOther = author.trying {
            $0.count(other)
            return $0.message("after the other", in: meeting)
        }
        let first = ledger.takes(author.message("first", in: meeting))
        ledger.refuses(other, as: .sequence(expected: 1, found: 0))
        ledger.refuses(afterOther, as: .previous(expected: first))
        ledger.takes(author.message("second", in: meeting))
    }

    @Test("stays where it is when an entry is refused for its content")
    func refusedContent() {
        let ledger = Ledger(on: Self.network)
        var host = TestAuthor("host", on: Self.network)
        let meeting = ledger.takes(host.open(writing: .named))
        ledger.refuses(
            host.trying { $0.admit([$0.key], to: meeting) },
            as: .alreadyMember(host.key)
        )
        ledger.takes(host.message("still my first", in: meeting))
    }
}

@Suite("A meeting's existence") struct ExistenceRuleTests {
    static let network = TestNetwork.make()

    @Test("is needed for every kind but open")
    func unknown() {
        let samples = Samples(on: Self.network)
        let ledger = Ledger(on: Self.network)
        for kind in EntryKind.allCases where kind != .open {
            ledger.refuses(samples.entry(kind), as: .unknownMeeting(samples.meeting))
        }
        ledger.takes(samples.entry(.open))
        var author = TestAuthor("author", on: Self.network)
        ledger.refuses(author.message("to nobody", in: .zero), as: .unknownMeeting(.zero))
    }

    @Test("begins with the open in the same block, and not before it")
    func sameBlock() {
        let ledger = Ledger(on: Self.network)
        var host = TestAuthor("host", on: Self.network)
        let open = host.open()
        let message = host.message("first", in: open.id)
        ledger.refuses(message, as: .unknownMeeting(open.id))
        ledger.takes(open)
        ledger.takes(message)
    }

    @Test("has the terms of its open")
    func terms() throws {
        let ledger = Ledger(on: Self.network)
        var host = TestAuthor("host", on: Self.network)
        let link = TestKey("link").verifyingKey
        let check = SHA256.hash([4])
        let open = host.open(
            reading: .secretHolders,
            writing: .link,
            linkKey: link,
            readCheck: check,
            lifetime: 9
        )
        ledger.takes(open, at: 12)
        let meeting = try ledger.meeting(open.id)
        #expect(meeting.host == host.key)
        #expect(meeting.reading == .secretHolders && meeting.writing == .link)
        #expect(meeting.linkKey == link && meeting.readCheck == check)
        #expect(meeting.lifetime == 9 && meeting.openHeight == Height(12))
        #expect(meeting.closeHeight == nil && meeting.close == .zero && meeting.memberCount == 0)
        #expect(meeting.record.count == 1 && meeting.record.root == open.leaf)
    }
}
