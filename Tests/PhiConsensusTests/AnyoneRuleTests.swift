import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A meeting where anyone may write") struct AnyoneRuleTests {
    static let network = TestNetwork.make()
    let ledger = Ledger(on: network)
    var host = TestAuthor("host", on: network)
    var guest = TestAuthor("guest", on: network)
    let meeting: Digest

    init() {
        meeting = ledger.takes(host.open())
    }

    @Test("takes every key, with a join first or without")
    mutating func everyKey() throws {
        ledger.takes(guest.message("hello", in: meeting))
        var other = TestAuthor("other", on: Self.network)
        let agreement = AgreementPublicKey(words: SHA256.hash([3]).words)
        ledger.takes(other.join(meeting, agreementKey: agreement))
        ledger.takes(other.message("hello", in: meeting))
        #expect(ledger.author(other.key, in: meeting).agreementKey == agreement)
        #expect(ledger.author(other.key, in: meeting).standing == .none)
        #expect(try ledger.meeting(meeting).memberCount == 0)
    }

    @Test("takes a join only as an author's first entry, the host's too")
    mutating func joinFirst() {
        ledger.takes(guest.message("hello", in: meeting))
        ledger.refuses(guest.trying { $0.join(meeting) }, as: .joinNotFirst(sequence: 1))
        ledger.refuses(
            guest.join(meeting) {
                $0.sequence = 0
                $0.previous = .zero
            },
            as: .sequence(expected: 1, found: 0)
        )
        ledger.takes(host.join(meeting))
        ledger.refuses(host.trying { $0.join(meeting) }, as: .joinNotFirst(sequence: 1))
    }

    @Test("takes no admission")
    func admission() {
        let link = TestKey("link")
        ledger.refuses(guest.trying { $0.join(meeting, by: link) }, as: .admissionNotZero)
        ledger.refuses(host.trying { $0.join(meeting, by: link) }, as: .admissionNotZero)
    }

    @Test("admits nobody by name")
    mutating func admit() {
        let keys = [guest.key]
        ledger.refuses(host.trying { $0.admit(keys, to: meeting) }, as: .notNamedMeeting)
        ledger.refuses(guest.trying { $0.admit(keys, to: meeting) }, as: .notHost)
    }

    @Test("obeys its host alone")
    func hostOnly() {
        ledger.refuses(guest.trying { $0.close(meeting) }, as: .notHost)
        ledger.refuses(guest.trying { $0.revoke(in: meeting) }, as: .notHost)
    }

    @Test("shuts out authors that have an entry, for good")
    mutating func revoke() {
        ledger.refuses(
            host.trying { [key = guest.key] in $0.revoke([key], in: meeting) },
            as: .nothingToRevoke(guest.key)
        )
        ledger.takes(guest.message("hello", in: meeting))
        ledger.takes(host.revoke([guest.key], in: meeting))
        ledger.refuses(guest.trying { $0.message("again", in: meeting) }, as: .revoked)
        ledger.refuses(
            guest.join(meeting) {
                $0.sequence = 0
                $0.previous = .zero
            },
            as: .revoked
        )
        #expect(ledger.author(guest.key, in: meeting).standing == .revoked)
        // An author without an entry elsewhere is untouched by what happens here.
        let other = ledger.takes(host.open())
        ledger.takes(guest.message("welcome", in: other))
    }

    @Test("takes a second revoke of an author, which changes nothing about the author")
    mutating func revokeTwice() {
        ledger.takes(guest.message("hello", in: meeting))
        ledger.takes(host.revoke([guest.key], in: meeting))
        let before = ledger.author(guest.key, in: meeting)
        ledger.takes(host.revoke([guest.key], in: meeting))
        #expect(ledger.author(guest.key, in: meeting) == before)
    }

    @Test("has no link key to change, but an epoch")
    mutating func revokeFields() throws {
        let link = TestKey("link").verifyingKey
        ledger.refuses(
            host.trying { $0.revoke(in: meeting, linkKey: link) },
            as: .linkKeyNotZero
        )
        let check = SHA256.hash([6])
        ledger.takes(host.revoke(in: meeting, readCheck: check))
        #expect(try ledger.meeting(meeting).readCheck == check)
        ledger.takes(host.revoke(in: meeting))
        #expect(try ledger.meeting(meeting).readCheck == check)
        #expect(try ledger.meeting(meeting).linkKey == .zero)
    }

    @Test("cannot shut out its host, and shuts out nobody when one key is wrong")
    mutating func revokeHost() {
        ledger.takes(guest.message("hello", in: meeting))
        let keys = [guest.key, host.key]
        ledger.refuses(host.trying { $0.revoke(keys, in: meeting) }, as: .hostRevoked)
        let stranger = TestKey("stranger").verifyingKey
        ledger.refuses(
            host.trying { [key = guest.key] in $0.revoke([key, stranger], in: meeting) },
            as: .nothingToRevoke(stranger)
        )
        ledger.takes(guest.message("still here", in: meeting))
    }

    @Test("has members without limit")
    mutating func noLimit() throws {
        var state = try ledger.meeting(meeting)
        state.memberCount = MeetingState.memberLimit
        var table = ledger.table
        table.set(state, for: meeting)
        Ledger(on: Self.network, over: table).takes(guest.join(meeting))
    }
}
