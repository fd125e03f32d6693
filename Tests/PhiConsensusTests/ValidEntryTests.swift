import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("An entry") struct ValidEntryTests {
    static let network = TestNetwork.make()
    static let meeting = SHA256.hash([9])
    static let entry: Entry = {
        var author = TestAuthor("author", on: network)
        return author.message("hello", in: meeting)
    }()
    /// The first bytes of the regions of an envelope, and what a change inside leads to.
    enum Region: Int, CaseIterable {
        case chain = 8
        case meeting = 40
        case author = 72
        case sequence = 104
        case previous = 112
        case anchorHeight = 144
        case anchorTail = 148
        case time = 164
        case payloadHash = 172
        case signature = 204
        case work = 268
        case nonce = 276
        case payload = 284

        var end: Int {
            Self.allCases.first { $0.rawValue > rawValue }?.rawValue ?? entry.bytes.count
        }
    }

    @Test("is taken as it was made, with its id, leaf and payload", arguments: EntryKind.allCases)
    func sound(kind: EntryKind) throws {
        let entry = Samples(on: Self.network).entry(kind)
        let valid = try ValidEntry(judging: entry, on: Self.network)
        #expect(valid.entry == entry)
        #expect(valid.id == entry.id)
        #expect(valid.leaf == MerkleTree.leaf(Array(entry.bytes.prefix(284))))
        #expect(valid.payload == (try Payload(of: entry)))
    }

    @Test("is refused on another network")
    func otherChain() {
        let other = TestNetwork.make(stampRate: 1)
        let found = Self.network.chain
        #expect(throws: EntryViolation.otherChain(found: found)) {
            try ValidEntry(judging: Self.entry, on: other)
        }
    }

    @Test("that opens a meeting is refused inside one")
    func openInside() {
        var author = TestAuthor("author", on: Self.network)
        let entry = author.open { $0.meeting = Self.meeting }
        #expect(throws: EntryViolation.openInsideMeeting) {
            try ValidEntry(judging: entry, on: Self.network)
        }
    }

    @Test("is refused with another author's signature")
    func otherSigner() {
        let author = TestAuthor("author", on: Self.network)
        let payload = [UInt8](repeating: 0, count: 16)
        let draft = author.draft(.message, in: Self.meeting, payload: payload)
        let forged = TestKey("other").sign(draft.signedMessage)
        #expect(throws: EntryViolation.signature(.mismatch)) {
            try ValidEntry(judging: author.sealed(draft, signature: forged), on: Self.network)
        }
        let untagged = TestKey("author").sign(draft.id.bytes)
        #expect(throws: EntryViolation.signature(.mismatch)) {
            try ValidEntry(judging: author.sealed(draft, signature: untagged), on: Self.network)
        }
    }

    @Test("is refused with a key or signature that no library agrees on")
    func crafted() {
        let author = TestAuthor("author", on: Self.network)
        let payload = [UInt8](repeating: 0, count: 16)
        var draft = author.draft(.message, in: Self.meeting, payload: payload)
        let zeros = Signature(reading: [UInt8](repeating: 0, count: 64), at: 0)
        #expect(throws: EntryViolation.signature(.smallOrderNonce)) {
            try ValidEntry(judging: author.sealed(draft, signature: zeros), on: Self.network)
        }
        draft.author = .zero
        #expect(throws: EntryViolation.signature(.smallOrderKey)) {
            try ValidEntry(judging: author.sealed(draft), on: Self.network)
        }
        let large = Signature(reading: [UInt8](repeating: 0xff, count: 64), at: 0)
        #expect(throws: EntryViolation.signature(.unreducedScalar)) {
            try ValidEntry(judging: author.sealed(draft, signature: large), on: Self.network)
        }
    }

    @Test("is refused with a stamp that falls short", arguments: [2, 5, 1 << 60] as [UInt64])
    func stampFails(factor: UInt64) throws {
        let author = TestAuthor("author", on: Self.network)
        let payload = [UInt8](repeating: 0, count: 16)
        let draft = author.draft(.message, in: Self.meeting, payload: payload)
        let work = 4 * factor
        let nonce = try #require(
            (0..<1_000).first { !Stamp.isValid(id: draft.id, work: work, nonce: $0) }
        )
        let entry = author.sealed(draft, work: work, nonce: nonce)
        #expect(throws: EntryViolation.stampFails(declared: work)) {
            try ValidEntry(judging: entry, on: Self.network)
        }
    }

    @Test("is judged with the cheap checks first")
    func order() {
        let author = TestAuthor("author", on: Self.network)
        var draft = author.draft(
            .close,
            in: Self.meeting,
            payload: [UInt8](repeating: 0, count: 17)
        )
        let zeros = Signature(reading: [UInt8](repeating: 0, count: 64), at: 0)
        #expect(throws: EntryViolation.payload(.trailing(count: 1))) {
            try ValidEntry(
                judging: author.sealed(draft, work: 0, signature: zeros, nonce: 0),
                on: Self.network
            )
        }
        draft.payload = [UInt8](repeating: 0, count: 16)
        #expect(throws: EntryViolation.stampBelowMinimum(minimum: 4, found: 3)) {
            try ValidEntry(
                judging: author.sealed(draft, work: 3, signature: zeros, nonce: 0),
                on: Self.network
            )
        }
        #expect(throws: EntryViolation.stampFails(declared: .max)) {
            try ValidEntry(
                judging: author.sealed(draft, work: .max, signature: zeros, nonce: 0),
                on: Self.network
            )
        }
    }

    @Test(
        "is refused with any bit changed, except in a stamp that still holds",
        arguments: Region.allCases
    )
    func flips(region: Region) throws {
        for bit in (region.rawValue * 8)..<(region.end * 8) {
            var bytes = Self.entry.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let changed = try Entry(decoding: bytes, payloadLimit: 32_768)
            let violation = violation(of: changed)
            switch region {
            case .chain: #expect(violation == .otherChain(found: changed.chain))
            case .payload, .payloadHash: #expect(violation == .payloadHash)
            case .signature: #expect(isSignature(violation))
            case .meeting, .previous, .anchorHeight, .anchorTail, .time, .author, .sequence:
                let lucky = Stamp.isValid(
                    id: changed.id,
                    work: changed.stampWork,
                    nonce: changed.stampNonce
                )
                #expect(lucky ? isSignature(violation) : violation == .stampFails(declared: 4))
            case .work, .nonce:
                #expect(changed.id == Self.entry.id)
                let holds =
                    changed.stampWork >= 4
                    && Stamp.isValid(
                        id: changed.id,
                        work: changed.stampWork,
                        nonce: changed.stampNonce
                    )
                #expect((violation == nil) == holds)
            }
        }
    }

    @Test("is refused with any bit of its first eight bytes changed", arguments: 0..<64)
    func frontFlips(bit: Int) throws {
        var bytes = Self.entry.bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        guard let changed = try? Entry(decoding: bytes, payloadLimit: 32_768) else { return }
        let violation = violation(of: changed)
        guard case .payload = violation else {
            Issue.record("another kind has another payload, found \(String(describing: violation))")
            return
        }
    }

    private func violation(of entry: Entry) -> EntryViolation? {
        do {
            _ = try ValidEntry(judging: entry, on: Self.network)
            return nil
        } catch { return error }
    }

    private func isSignature(_ violation: EntryViolation?) -> Bool {
        if case .signature = violation { true } else { false }
    }
}
