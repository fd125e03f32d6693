import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting

extension FuzzTarget {
    /// What an entry carries: the forms of control entries, and contents of messages.
    static let payload = FuzzTarget(
        "payload",
        "payloads of every kind and contents of messages: encoding again gives the same bytes",
        memory: MemoryBound(base: 65_536, perByte: 24),
        seeds: {
            Samples.entries.map { [UInt8($0.kind.rawValue)] + $0.payload } + contentSeeds
        },
        run: { input in
            var supply = Supply(input)
            let form = supply.byte()
            let bytes = supply.rest()
            switch EntryKind(rawValue: UInt16(form & 7)) {
            case .open: same(bytes, try? MeetingTerms(decoding: bytes).encoded)
            case .join: same(bytes, try? Admission(decoding: bytes).encoded)
            case .admit: same(bytes, try? AdmitList(decoding: bytes).encoded)
            case .revoke: same(bytes, try? Revocation(decoding: bytes).encoded)
            case .approve: same(bytes, try? Approval(decoding: bytes).encoded)
            case .message: messages(bytes)
            case .close, nil: whole(form, bytes)
            }
        }
    )

    private static let contentSeeds: [[UInt8]] = {
        let profile = Profile(name: "Ada")
        let contents: [MessageContent] = [
            .text("hello"), .reply(to: Samples.digest(1), "yes"),
            .reaction(to: Samples.digest(1), "+"), .correction(of: Samples.digest(1), "no"),
            .filePart([1, 2, 3]), .profile(profile),
        ]
        return contents.compactMap { content in
            (try? content.encoded()).map { [1] + [UInt8](repeating: 5, count: 16) + $0 }
        }
    }()

    private static func same(_ bytes: [UInt8], _ again: [UInt8]?) {
        guard let again else { return }
        claimEqual(again, bytes, "a payload written again")
    }

    private static func messages(_ bytes: [UInt8]) {
        same(bytes, try? SealedContent(decoding: bytes).encoded)
        guard bytes.count >= Entry.saltByteCount,
            let content = try? PublicContent.content(of: bytes)
        else { return }
        let salt = Array(bytes[..<Entry.saltByteCount])
        guard let again = try? PublicContent.payload(of: content, salt: salt) else {
            return claim(false) { "a content that was read is written: \(content)" }
        }
        same(bytes, again)
    }

    /// The payload inside an entry, as consensus reads it.
    private static func whole(_ form: UInt8, _ bytes: [UInt8]) {
        guard let kind = EntryKind(rawValue: UInt16(form >> 3 & 7)),
            bytes.count >= Entry.saltByteCount
        else { return }
        var draft = EntryDraft(
            kind: kind,
            chain: Samples.network.chain,
            meeting: .zero,
            author: Samples.signer.verifyingKey,
            sequence: 0,
            previous: .zero,
            anchorHeight: .genesis,
            anchorTail: AnchorTail(of: .zero),
            authorTime: .zero,
            payload: bytes
        )
        draft.payload = bytes
        let zeros = [UInt8](repeating: 0, count: Signature.byteCount)
        let entry = draft.assembled(signature: Signature(reading: zeros, at: 0), work: 0, nonce: 0)
        _ = try? Payload(of: entry)
    }
}
