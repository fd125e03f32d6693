import PhiCrypto
import PhiLedger
import Testing

@Suite("A payload") struct PayloadTests {
    private static let salt = (0..<16).map { UInt8($0) }
    private static let key = VerifyingKey(reading: [UInt8](repeating: 5, count: 32), at: 0)

    private static func keys(_ count: Int) -> [VerifyingKey] {
        (0..<count).map { number in
            var bytes: [UInt8] = []
            bytes.append(bigEndian: UInt64(number))
            return VerifyingKey(reading: bytes + [UInt8](repeating: 1, count: 24), at: 0)
        }
    }

    private static func terms(
        reading: ReadingPolicy = .everyone,
        writing: WritingPolicy = .anyone,
        linkKey: VerifyingKey = .zero,
        readCheck: Digest = .zero,
        title: [UInt8] = Array("Board".utf8)
    ) -> MeetingTerms {
        MeetingTerms(
            salt: salt,
            reading: reading,
            writing: writing,
            linkKey: linkKey,
            readCheck: readCheck,
            lifetime: 8_640,
            title: title
        )
    }

    private func read(_ kind: EntryKind, _ payload: [UInt8]) throws(DecodingFailure) -> Payload {
        try Payload(of: SampleEntry.entry(kind, payload: payload))
    }

    private func expect(_ failure: DecodingFailure, _ kind: EntryKind, _ payload: [UInt8]) {
        #expect(throws: failure) { try read(kind, payload) }
    }

    private func samples() -> [(EntryKind, [UInt8], Payload)] {
        let open = Self.terms(
            reading: .secretHolders,
            writing: .link,
            linkKey: Self.key,
            readCheck: SHA256.hash([1])
        )
        let join = Admission(
            salt: Self.salt,
            signature: SampleEntry.signature,
            agreementKey: AgreementPublicKey(reading: [UInt8](repeating: 6, count: 32), at: 0)
        )
        let admit = AdmitList(salt: Self.salt, keys: Self.keys(3))
        let revoke = Revocation(
            salt: Self.salt,
            keys: Self.keys(2),
            linkKey: Self.key,
            readCheck: SHA256.hash([2])
        )
        let approve = Approval(
            salt: Self.salt,
            close: SHA256.hash([3]),
            minutes: MinutesDigest(count: 12, root: SHA256.hash([4]))
        )
        return [
            (.open, open.encoded, .open(open)), (.join, join.encoded, .join(join)),
            (.admit, admit.encoded, .admit(admit)), (.revoke, revoke.encoded, .revoke(revoke)),
            (.close, Self.salt, .close), (.approve, approve.encoded, .approve(approve)),
        ]
    }

    @Test("of every control kind comes back from its bytes") func roundTrip() throws {
        for (kind, bytes, payload) in samples() { #expect(try read(kind, bytes) == payload) }
    }

    @Test("has the size that its layout says") func sizes() {
        let expected = [16 + 1 + 1 + 32 + 32 + 4 + 2 + 5, 112, 18 + 96, 18 + 64 + 64, 16, 88]
        #expect(samples().map(\.1.count) == expected)
    }

    @Test("of a control kind is refused when it ends early or a byte follows") func truncation() {
        for (kind, bytes, _) in samples() {
            for count in Entry.saltByteCount..<max(bytes.count, Entry.saltByteCount) {
                #expect(throws: DecodingFailure.self, "\(kind) cut to \(count)") {
                    try read(kind, Array(bytes[..<count]))
                }
            }
            expect(.trailing(count: 1), kind, bytes + [0])
        }
    }

    @Test("of a message is never looked into", arguments: [16, 17, 1_000])
    func message(count: Int) throws {
        let payload = [UInt8](repeating: 0xff, count: count)
        #expect(try read(.message, payload) == .message)
    }

    @Test("of an open has policies that exist") func policies() throws {
        let bytes = Self.terms().encoded
        for policy in ReadingPolicy.allCases.map(\.rawValue) { #expect(policy < 2) }
        for found: UInt8 in [2, 255] {
            var changed = bytes
            changed[16] = found
            expect(.unknown(field: "reading", found: UInt64(found)), .open, changed)
        }
        for found: UInt8 in [3, 255] {
            var changed = bytes
            changed[17] = found
            expect(.unknown(field: "writing", found: UInt64(found)), .open, changed)
        }
    }

    @Test("of an open has a link key under the link policy alone") func linkKey() throws {
        for writing in WritingPolicy.allCases {
            let bytes = Self.terms(writing: writing, linkKey: Self.key).encoded
            if writing == .link {
                #expect(throws: Never.self) { try read(.open, bytes) }
            } else {
                expect(.notZero(field: "link_key"), .open, bytes)
            }
            #expect(throws: Never.self) {
                try read(.open, Self.terms(writing: writing).encoded)
            }
        }
    }

    @Test("of an open has a read check when it is private alone") func readCheck() throws {
        let check = SHA256.hash([1])
        expect(.notZero(field: "read_check"), .open, Self.terms(readCheck: check).encoded)
        for check in [check, .zero] {
            let bytes = Self.terms(reading: .secretHolders, readCheck: check).encoded
            #expect(throws: Never.self) { try read(.open, bytes) }
        }
    }

    @Test("of an open has a title of 256 bytes at most, whatever they are") func title() throws {
        for count in [0, 1, 255, 256] {
            let terms = Self.terms(title: [UInt8](repeating: 0xff, count: count))
            #expect(try read(.open, terms.encoded) == .open(terms))
        }
        expect(
            .overLimit(field: "title length", limit: 256, found: 257),
            .open,
            Self.terms(title: [UInt8](repeating: 65, count: 257)).encoded
        )
    }

    @Test("of an admit has 1 to 1,000 keys, of a revoke 0 to 1,000") func keyCounts() throws {
        for count in [1, 999, 1_000] {
            let list = AdmitList(salt: Self.salt, keys: Self.keys(count))
            #expect(try read(.admit, list.encoded) == .admit(list))
        }
        expect(
            .underLimit(field: "key count", limit: 1, found: 0),
            .admit,
            AdmitList(salt: Self.salt, keys: []).encoded
        )
        let over = DecodingFailure.overLimit(field: "key count", limit: 1_000, found: 1_001)
        expect(over, .admit, AdmitList(salt: Self.salt, keys: Self.keys(1_001)).encoded)
        for count in [0, 1, 1_000] {
            let list = Self.revocation(Self.keys(count))
            #expect(try read(.revoke, list.encoded) == .revoke(list))
        }
        expect(over, .revoke, Self.revocation(Self.keys(1_001)).encoded)
    }

    @Test("has keys each once and in rising order") func keyOrder() {
        let keys = Self.keys(3)
        let lists = [
            ([keys[0], keys[0]], 1), ([keys[1], keys[0]], 1), ([keys[0], keys[2], keys[1]], 2),
            ([keys[0], keys[1], keys[1]], 2),
        ]
        for (list, index) in lists {
            var bytes = Self.salt
            bytes.append(littleEndian: UInt16(list.count))
            for key in list { key.append(to: &bytes) }
            let failure = DecodingFailure.notAscending(field: "keys", index: index)
            expect(failure, .admit, bytes)
            expect(failure, .revoke, bytes + [UInt8](repeating: 0, count: 64))
        }
    }

    @Test("puts the keys it is given in order, each once") func sorting() throws {
        let keys = Self.keys(300)
        let shuffled = keys.reversed() + keys
        #expect(AdmitList(salt: Self.salt, keys: shuffled).keys == keys)
        #expect(Self.revocation(shuffled).keys == keys)
    }

    private static func revocation(_ keys: [VerifyingKey]) -> Revocation {
        Revocation(salt: salt, keys: keys, linkKey: .zero, readCheck: .zero)
    }

    @Test("of a join is signed over meeting and author") func admissionMessage() {
        let meeting = SHA256.hash([9])
        let message = Admission.message(meeting: meeting, author: Self.key)
        #expect(message == Array("phi/admit/1".utf8) + meeting.bytes + Self.key.bytes)
    }

    @Test("has policies with the names of the documents") func names() {
        #expect(ReadingPolicy.allCases.map(\.name) == ["public", "private"])
        #expect(WritingPolicy.allCases.map(\.name) == ["anyone", "link", "named"])
        #expect(ReadingPolicy.allCases.map(\.rawValue) == [0, 1])
        #expect(WritingPolicy.allCases.map(\.rawValue) == [0, 1, 2])
    }
}
