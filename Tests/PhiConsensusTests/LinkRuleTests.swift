import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A meeting with a link") struct LinkRuleTests {
    static let network = TestNetwork.make()
    let ledger = Ledger(on: network)
    let link = TestKey("link")
    var host = TestAuthor("host", on: network)
    var guest = TestAuthor("guest", on: network)
    let meeting: Digest

    init() {
        meeting = ledger.takes(host.open(writing: .link, linkKey: link.verifyingKey))
    }

    @Test("takes whoever joined by the link")
    mutating func join() throws {
        ledger.refuses(guest.trying { $0.message("hello", in: meeting) }, as: .notMember)
        ledger.takes(guest.join(meeting, by: link))
        #expect(ledger.author(guest.key, in: meeting).standing == .member)
        #expect(try ledger.meeting(meeting).memberCount == 1)
        ledger.takes(guest.message("hello", in: meeting))
    }

    @Test("takes a join only as an author's first entry")
    mutating func joinFirst() {
        ledger.takes(guest.join(meeting, by: link))
        ledger.refuses(guest.trying { $0.join(meeting, by: link) }, as: .joinNotFirst(sequence: 1))
        var other = TestAuthor("other", on: Self.network)
        for sequence in [1, .max] as [UInt64] {
            ledger.refuses(
                other.join(meeting, by: link) { $0.sequence = sequence },
                as: .joinNotFirst(sequence: sequence)
            )
        }
        ledger.refuses(
            guest.join(meeting, by: link) {
                $0.sequence = 0
                $0.previous = .zero
            },
            as: .sequence(expected: 1, found: 0)
        )
    }

    @Test("needs no join of its host, and counts none")
    mutating func hostJoins() throws {
        ledger.takes(host.join(meeting, by: link))
        #expect(try ledger.meeting(meeting).memberCount == 0)
        #expect(ledger.author(host.key, in: meeting).standing == .none)
        ledger.takes(host.message("hello", in: meeting))
        let other = ledger.takes(host.open(writing: .link, linkKey: link.verifyingKey))
        ledger.takes(host.message("hello", in: other))
        ledger.refuses(host.trying { $0.join(other, by: link) }, as: .joinNotFirst(sequence: 1))
    }

    @Test("refuses an admission for another author, meeting or key, and none at all")
    func admission() {
        let message = Admission.message(meeting: meeting, author: guest.key)
        let stranger = TestKey("stranger").verifyingKey
        let wrong = [
            link.admission(of: stranger, to: meeting),
            link.admission(of: guest.key, to: SHA256.hash([2])),
            TestKey("other link").admission(of: guest.key, to: meeting),
            link.sign(meeting.bytes + guest.key.bytes),
            link.sign(Array("phi/admit/2".utf8) + message.dropFirst(11)),
        ]
        for signature in wrong {
            ledger.refuses(join(signature), as: .admission(.mismatch))
        }
        ledger.refuses(guest.trying { $0.join(meeting) }, as: .admission(.smallOrderNonce))
        let text = Array("phi/admit/1".utf8) + meeting.bytes + guest.key.bytes
        ledger.takes(join(link.sign(text)))
    }

    @Test("refuses an admission with any bit changed")
    func admissionBits() {
        let right = link.admission(of: guest.key, to: meeting).bytes
        for bit in stride(from: 0, to: 512, by: 7) {
            var bytes = right
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let refusal = try? ledger.apply(join(Signature(reading: bytes, at: 0)))
            guard case .admission = refusal else {
                Issue.record("bit \(bit) is not missed")
                return
            }
        }
    }

    @Test("admits by the key in force after the entries before, in the order of the body")
    mutating func rotation() {
        let second = TestKey("second link")
        var early = TestAuthor("early", on: Self.network)
        var late = TestAuthor("late", on: Self.network)
        ledger.refuses(
            early.trying { $0.join(meeting, by: second) },
            as: .admission(.mismatch)
        )
        ledger.takes(early.join(meeting, by: link))
        ledger.takes(host.revoke(in: meeting, linkKey: second.verifyingKey))
        ledger.refuses(late.trying { $0.join(meeting, by: link) }, as: .admission(.mismatch))
        ledger.takes(late.join(meeting, by: second))
        // Who is in stays in: the admission was judged once.
        ledger.takes(early.message("still here", in: meeting))
        ledger.takes(host.revoke(in: meeting, linkKey: link.verifyingKey))
        ledger.takes(guest.join(meeting, by: link))
    }

    @Test("admits nobody with a zero key, from the open or from a revoke")
    mutating func closedLink() {
        ledger.takes(host.revoke(in: meeting))
        ledger.refuses(guest.trying { $0.join(meeting, by: link) }, as: .linkClosed)
        ledger.refuses(guest.trying { $0.join(meeting) }, as: .linkClosed)
        let other = ledger.takes(host.open(writing: .link))
        ledger.refuses(guest.trying { $0.join(other, by: link) }, as: .linkClosed)
        ledger.takes(host.message("alone", in: other))
        ledger.takes(host.revoke(in: other, linkKey: link.verifyingKey))
        ledger.takes(guest.join(other, by: link))
    }

    @Test("refuses every admission when its key is none that may sign")
    mutating func weakKey() {
        var weak = [UInt8](repeating: 0, count: 32)
        weak[0] = 1
        let key = VerifyingKey(reading: weak, at: 0)
        let other = ledger.takes(host.open(writing: .link, linkKey: key))
        ledger.refuses(
            guest.trying { [link] in $0.join(other, by: link) },
            as: .admission(.smallOrderKey)
        )
    }

    @Test("shuts members out for good and frees their places")
    mutating func revoke() throws {
        ledger.refuses(revokeGuest(), as: .nothingToRevoke(guest.key))
        ledger.takes(guest.join(meeting, by: link))
        let revocation = host.revoke([guest.key], in: meeting, linkKey: link.verifyingKey)
        ledger.takes(revocation)
        #expect(try ledger.meeting(meeting).memberCount == 0)
        #expect(ledger.author(guest.key, in: meeting).standing == .revoked)
        ledger.refuses(guest.trying { $0.message("again", in: meeting) }, as: .revoked)
        ledger.refuses(
            guest.join(meeting, by: link) {
                $0.sequence = 0
                $0.previous = .zero
            },
            as: .revoked
        )
        ledger.takes(revokeGuest())
        #expect(try ledger.meeting(meeting).memberCount == 0)
    }

    @Test("cannot shut out its host, joined or not")
    mutating func revokeHost() {
        ledger.refuses(
            host.trying { $0.revoke([$0.key], in: meeting) },
            as: .hostRevoked
        )
        ledger.takes(host.join(meeting, by: link))
        ledger.refuses(
            host.trying { $0.revoke([$0.key], in: meeting) },
            as: .hostRevoked
        )
    }

    @Test("admits nobody by name")
    func admit() {
        ledger.refuses(
            host.trying { [key = guest.key] in $0.admit([key], to: meeting) },
            as: .notNamedMeeting
        )
    }

    @Test("obeys its host alone, before anything else is looked at")
    mutating func hostOnly() {
        ledger.refuses(guest.trying { $0.close(meeting) }, as: .notHost)
        ledger.takes(guest.join(meeting, by: link))
        ledger.refuses(guest.trying { $0.close(meeting) }, as: .notHost)
        ledger.refuses(guest.trying { $0.revoke([$0.key], in: meeting) }, as: .notHost)
        ledger.refuses(guest.trying { $0.admit([$0.key], to: meeting) }, as: .notHost)
    }

    @Test("has 4,096 members at most", arguments: [4_094, 4_095, 4_096] as [UInt32])
    mutating func limit(count: UInt32) throws {
        var state = try ledger.meeting(meeting)
        state.memberCount = count
        var table = ledger.table
        table.set(state, for: meeting)
        let full = Ledger(on: Self.network, over: table)
        for index in 0..<(4_096 - count) {
            var author = TestAuthor("member \(index)", on: Self.network)
            full.takes(author.join(meeting, by: link))
        }
        ledger.takes(guest.join(meeting, by: link))
        var late = TestAuthor("late", on: Self.network)
        full.refuses(
            late.trying { [link, meeting] in $0.join(meeting, by: link) },
            as: .tooManyMembers(limit: 4_096, found: 4_097)
        )
        full.takes(host.join(meeting, by: link))
        guard count < 4_096 else { return }
        let first = TestKey("member 0").verifyingKey
        full.takes(host.revoke([first], in: meeting, linkKey: link.verifyingKey))
        full.takes(late.join(meeting, by: link))
    }

    private func join(_ signature: Signature) -> Entry {
        guest.trying { author in
            let admission = Admission(
                salt: author.salt(),
                signature: signature,
                agreementKey: .zero
            )
            return author.make(.join, in: meeting, payload: admission.encoded)
        }
    }

    private func revokeGuest() -> Entry {
        host.trying { [key = guest.key] in $0.revoke([key], in: meeting) }
    }
}
