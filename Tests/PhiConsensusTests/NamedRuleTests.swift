import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A meeting of named authors") struct NamedRuleTests {
    static let network = TestNetwork.make()
    let ledger = Ledger(on: network)
    var host = TestAuthor("host", on: network)
    var guest = TestAuthor("guest", on: network)
    let meeting: Digest

    init() {
        meeting = ledger.takes(host.open(writing: .named))
    }

    @Test("takes an author once the host has named it")
    mutating func admit() throws {
        ledger.refuses(guest.trying { $0.message("hello", in: meeting) }, as: .notMember)
        ledger.refuses(guest.trying { $0.join(meeting) }, as: .notMember)
        ledger.takes(host.admit([guest.key], to: meeting))
        #expect(try ledger.meeting(meeting).memberCount == 1)
        ledger.takes(guest.message("hello", in: meeting))
        ledger.refuses(guest.trying { $0.join(meeting) }, as: .joinNotFirst(sequence: 1))
    }

    @Test("takes a named author's join, without an admission and counted once")
    mutating func join() throws {
        ledger.takes(host.admit([guest.key], to: meeting))
        ledger.refuses(
            guest.trying { $0.join(meeting, by: TestKey("link")) },
            as: .admissionNotZero
        )
        let agreement = AgreementPublicKey(words: SHA256.hash([3]).words)
        ledger.takes(guest.join(meeting, agreementKey: agreement))
        #expect(ledger.author(guest.key, in: meeting).agreementKey == agreement)
        #expect(ledger.author(guest.key, in: meeting).standing == .member)
        #expect(try ledger.meeting(meeting).memberCount == 1)
    }

    @Test("names nobody twice, and not its host")
    mutating func duplicates() throws {
        ledger.takes(host.admit([guest.key], to: meeting))
        ledger.refuses(
            host.trying { [key = guest.key] in $0.admit([key], to: meeting) },
            as: .alreadyMember(guest.key)
        )
        ledger.refuses(
            host.trying { $0.admit([$0.key], to: meeting) },
            as: .alreadyMember(host.key)
        )
        let stranger = TestKey("stranger").verifyingKey
        ledger.refuses(
            host.trying { [key = guest.key] in $0.admit([key, stranger], to: meeting) },
            as: .alreadyMember(guest.key)
        )
        #expect(ledger.author(stranger, in: meeting).standing == .none)
        #expect(try ledger.meeting(meeting).memberCount == 1)
    }

    @Test("shuts out who was named, whether it wrote or not, and for good")
    mutating func revoke() throws {
        let silent = TestKey("silent").verifyingKey
        ledger.takes(host.admit([guest.key, silent], to: meeting))
        ledger.takes(guest.message("hello", in: meeting))
        ledger.takes(host.revoke([guest.key, silent], in: meeting))
        #expect(try ledger.meeting(meeting).memberCount == 0)
        for key in [guest.key, silent] {
            ledger.refuses(
                host.trying { $0.admit([key], to: meeting) },
                as: .alreadyRevoked(key)
            )
        }
        ledger.refuses(guest.trying { $0.message("again", in: meeting) }, as: .revoked)
        ledger.takes(host.revoke([guest.key], in: meeting))
        ledger.refuses(
            host.trying { $0.revoke([silent], in: meeting) },
            as: .nothingToRevoke(silent)
        )
        #expect(try ledger.meeting(meeting).memberCount == 0)
    }

    @Test("has no link key and takes none")
    func linkKey() {
        let link = TestKey("link").verifyingKey
        ledger.refuses(
            host.trying { $0.revoke(in: meeting, linkKey: link) },
            as: .linkKeyNotZero
        )
    }

    @Test("obeys its host alone")
    mutating func hostOnly() {
        ledger.takes(host.admit([guest.key], to: meeting))
        ledger.refuses(guest.trying { $0.admit([$0.key], to: meeting) }, as: .notHost)
        ledger.refuses(guest.trying { $0.revoke([$0.key], in: meeting) }, as: .notHost)
        ledger.refuses(guest.trying { $0.close(meeting) }, as: .notHost)
    }

    @Test("has 4,096 members at most, and a place for each that was shut out")
    mutating func limit() throws {
        let keys = (0..<4_097).map {
            VerifyingKey(words: SHA256.hash([UInt8($0 & 0xff), UInt8($0 >> 8)]).words)
        }
        for start in stride(from: 0, to: 4_000, by: 1_000) {
            ledger.takes(host.admit(Array(keys[start..<(start + 1_000)]), to: meeting))
        }
        ledger.refuses(
            host.trying { $0.admit(Array(keys[4_000...]), to: meeting) },
            as: .tooManyMembers(limit: 4_096, found: 4_097)
        )
        ledger.takes(host.admit(Array(keys[4_000..<4_095]), to: meeting))
        ledger.refuses(
            host.trying { $0.admit(Array(keys[4_095...]), to: meeting) },
            as: .tooManyMembers(limit: 4_096, found: 4_097)
        )
        ledger.takes(host.admit([keys[4_095]], to: meeting))
        ledger.refuses(
            host.trying { $0.admit([keys[4_096]], to: meeting) },
            as: .tooManyMembers(limit: 4_096, found: 4_097)
        )
        ledger.takes(host.revoke([keys[7]], in: meeting))
        ledger.takes(host.admit([keys[4_096]], to: meeting))
        #expect(try ledger.meeting(meeting).memberCount == 4_096)
        ledger.takes(host.message("the host needs no place", in: meeting))
    }
}
