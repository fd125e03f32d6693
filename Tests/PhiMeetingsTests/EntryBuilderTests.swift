import PhiConsensus
import PhiCrypto
import PhiLedger
import Testing

@testable import PhiMeetings

@Suite("A built entry") struct EntryBuilderTests {
    @Test("of every kind is valid under the rules of the network")
    func everyKind() throws {
        let laboratory = try Laboratory()
        let entries = try Self.hostEntries(laboratory) + Self.guestEntries(laboratory)
        for signed in entries {
            let entry = try laboratory.stamped(signed)
            let valid = try ValidEntry(judging: entry, on: laboratory.network)
            #expect(valid.id == signed.id)
            #expect(entry.anchorTail == AnchorTail(of: laboratory.network.chain))
            #expect(signed.head == AuthorHead(sequence: entry.sequence + 1, previous: entry.id))
        }
        #expect(Set(entries.map(\.draft.kind)) == Set(EntryKind.allCases))
    }

    static let meeting = Digest(reading: Laboratory.bytes(8), at: 0)
    static let head = AuthorHead(sequence: 3, previous: Digest(reading: Laboratory.bytes(9), at: 0))
    static let salt = Laboratory.salt(1)

    static func hostEntries(_ laboratory: Laboratory) throws -> [SignedEntry] {
        let builder = laboratory.builder
        let key = try Laboratory.key(1)
        let guest = try Laboratory.key(2).verifyingKey
        let fresh = try Laboratory.secret(2)
        let plan = MeetingPlan(
            title: "Board",
            reading: .secretHolders,
            writing: .link,
            lifetime: 100,
            secret: try Laboratory.secret(1)
        )
        let open = try builder.open(plan, salt: salt, key: key)
        let terms = try MeetingTerms(decoding: open.draft.payload)
        let change = try MeetingChange(revoked: [guest], renewing: fresh, terms: terms)
        #expect(change.readCheck == fresh.readCheck)
        #expect(change.linkKey == (try fresh.linkKey().verifyingKey))
        return [
            open,
            try builder.admit([guest], to: meeting, salt: salt, head: head, key: key),
            try builder.revoke(change, in: meeting, salt: salt, head: head, key: key),
            try builder.close(meeting, salt: salt, head: head, key: key),
        ]
    }

    static func guestEntries(_ laboratory: Laboratory) throws -> [SignedEntry] {
        let builder = laboratory.builder
        let key = try Laboratory.key(2)
        let secret = try Laboratory.secret(1)
        let join = try builder.join(
            meeting,
            with: secret,
            agreementKey: AgreementKey(seed: Laboratory.bytes(3)).publicKey,
            salt: salt,
            key: key
        )
        let message = try builder.message(
            .text("hello"),
            to: meeting,
            in: EpochSecret(number: 0, secret: secret),
            salt: salt,
            head: head,
            key: key
        )
        let approve = try builder.approve(
            MinutesDigest(count: 7, root: .zero),
            endedBy: .zero,
            of: meeting,
            salt: salt,
            head: head,
            key: key
        )
        return [join, message, approve]
    }

    @Test("that joins by link carries the link key's signature")
    func admission() throws {
        let builder = try Laboratory().builder
        let secret = try Laboratory.secret(1)
        let meeting = Digest(reading: Laboratory.bytes(4), at: 0)
        let join = try builder.join(
            meeting,
            with: secret,
            agreementKey: nil,
            salt: Laboratory.salt(1),
            key: Laboratory.key(2)
        )
        let admission = try Admission(decoding: join.draft.payload)
        let message = Admission.message(meeting: meeting, author: join.draft.author)
        #expect(try secret.linkKey().verifyingKey.isValid(admission.signature, of: message))
        #expect(admission.agreementKey.isZero)
        let plain = try builder.join(
            meeting,
            with: nil,
            agreementKey: nil,
            salt: Laboratory.salt(1),
            key: Laboratory.key(2)
        )
        let bytes = try Admission(decoding: plain.draft.payload).signature.bytes
        #expect(bytes == [UInt8](repeating: 0, count: 64))
    }

    @Test("that opens a private meeting hides the title from all without the secret")
    func title() throws {
        let builder = try Laboratory().builder
        let secret = try Laboratory.secret(1)
        let key = try Laboratory.key(1)
        let plan = MeetingPlan(
            title: "Board of 2026",
            reading: .secretHolders,
            writing: .named,
            secret: secret
        )
        let open = try builder.open(plan, salt: Laboratory.salt(0), key: key)
        let terms = try MeetingTerms(decoding: open.draft.payload)
        #expect(terms.linkKey.isZero)
        #expect(terms.readCheck == secret.readCheck)
        func title(_ secret: MeetingSecret?, _ sequence: UInt64) throws(SealingFailure) -> String? {
            try MeetingTitle.decode(
                terms,
                openedWith: secret,
                author: open.draft.author,
                sequence: sequence
            )
        }
        #expect(try title(secret, 0) == "Board of 2026")
        #expect(try title(nil, 0) == nil)
        let other = try Laboratory.secret(2)
        #expect(throws: SealingFailure.crypto(.notAuthentic)) { try title(other, 0) }
        #expect(throws: SealingFailure.crypto(.notAuthentic)) { try title(secret, 1) }
    }

    @Test("opens with a title up to the limit", arguments: [(false, 256), (true, 239)])
    func titleLimit(sealed: Bool, limit: Int) throws {
        let builder = try Laboratory().builder
        let secret = try Laboratory.secret(1)
        func open(_ count: Int) throws -> SignedEntry {
            let plan = MeetingPlan(
                title: String(repeating: "a", count: count),
                reading: sealed ? .secretHolders : .everyone,
                writing: .anyone,
                secret: sealed ? secret : nil
            )
            return try builder.open(plan, salt: Laboratory.salt(0), key: Laboratory.key(1))
        }
        #expect(throws: Never.self) { try open(limit) }
        #expect(throws: EntryBuilderFailure.self) { try open(limit + 1) }
    }

    @Test("is not made from a plan that contradicts itself, or from too much")
    func refused() throws {
        let builder = try Laboratory().builder
        func open(
            _ reading: ReadingPolicy,
            _ writing: WritingPolicy,
            _ secret: MeetingSecret?
        )
            throws -> SignedEntry
        {
            let plan = MeetingPlan(title: "", reading: reading, writing: writing, secret: secret)
            return try builder.open(plan, salt: Laboratory.salt(0), key: Laboratory.key(1))
        }
        let secret = try Laboratory.secret(1)
        #expect(throws: EntryBuilderFailure.secretMissing) { try open(.everyone, .link, nil) }
        #expect(throws: EntryBuilderFailure.secretMissing) {
            try open(.secretHolders, .anyone, nil)
        }
        #expect(throws: EntryBuilderFailure.secretNotNeeded) {
            try open(.everyone, .anyone, secret)
        }
        func admit(_ count: Int) throws -> SignedEntry {
            let keys = (0..<count).map { VerifyingKey(reading: Laboratory.bytes($0), at: 0) }
            return try builder.admit(
                keys,
                to: .zero,
                salt: Laboratory.salt(0),
                head: .first,
                key: Laboratory.key(1)
            )
        }
        #expect(throws: EntryBuilderFailure.keyCount(limits: 1...1_000, found: 0)) { try admit(0) }
        #expect(throws: Never.self) { try admit(1_000) }
        #expect(throws: EntryBuilderFailure.keyCount(limits: 1...1_000, found: 1_001)) {
            try admit(1_001)
        }
        func message(_ count: Int) throws -> SignedEntry {
            try builder.message(
                .filePart([UInt8](repeating: 0, count: count)),
                to: .zero,
                in: nil,
                salt: Laboratory.salt(0),
                head: .first,
                key: Laboratory.key(1)
            )
        }
        #expect(throws: Never.self) { try message(32_768 - 17) }
        #expect(throws: EntryBuilderFailure.payloadTooLong(limit: 32_768, found: 32_769)) {
            try message(32_768 - 16)
        }
    }
}
