import PhiCrypto
public import PhiLedger
public import PhiMeetings

/// What a payload says, as far as everybody may read it.
public enum EntryContentDocument: Equatable, Sendable {
    /// A message of a meeting that everybody may read.
    case message(MessageContent)
    /// The terms of a new meeting.
    case open(MeetingTerms)
    /// An author asks in.
    case join(Admission)
    /// The host names authors.
    case admit(AdmitList)
    /// The host shuts authors out.
    case revoke(Revocation)
    /// A member signs the minutes.
    case approve(Approval)

    /// Reads the payload of an entry, or is nil where it is sealed, empty or unreadable.
    public init?(of entry: Entry, isPublic: Bool) {
        guard let payload = try? Payload(of: entry) else { return nil }
        switch payload {
        case .message:
            let body = Array(entry.payload.dropFirst(Entry.saltByteCount))
            guard isPublic, let content = try? MessageContent(decoding: body) else { return nil }
            self = .message(content)
        case .open(let terms): self = .open(terms)
        case .join(let admission): self = .join(admission)
        case .admit(let list): self = .admit(list)
        case .revoke(let revocation): self = .revoke(revocation)
        case .close: return nil
        case .approve(let approval): self = .approve(approval)
        }
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always(
            "type",
            .choice([
                "text", "reply", "reaction", "correction", "filePart", "profile", "epoch", "open",
                "join", "admit", "revoke", "approve",
            ]),
            "What the payload is."
        ),
        .sometimes("text", .text(byteLimit: 32_768), "What is said."),
        .sometimes("to", .digest, "The entry that it is about."),
        .sometimes("name", .text(byteLimit: 64), "What the author is called."),
        .sometimes("identity", .key, "The identity that the author claims; check its signature."),
        .sometimes("crossSignature", .text(byteLimit: 128), "That identity's signature."),
        .sometimes("reading", .choice(["public", "private"]), "Who can read."),
        .sometimes("writing", .choice(["anyone", "link", "named"]), "Who can write."),
        .sometimes("linkKey", .key, "The key that admits by link; zeros admit nobody."),
        .sometimes("readCheck", .digest, "What binds all readers to one secret."),
        .sometimes("lifetime", .height, "Blocks until the meeting closes by itself; 0 is never."),
        .sometimes("title", .text(byteLimit: 256), "The title, where it is not sealed."),
        .sometimes("admission", .text(byteLimit: 128), "The link key's signature."),
        .sometimes("agreementKey", .digest, "The key for new epochs; zeros want none."),
        .sometimes("keys", .list(of: .key, limit: 1_000), "Authors let in or shut out."),
        .sometimes("close", .digest, "The entry that ended the meeting; zeros by lifetime."),
        .sometimes("count", .count, "The entries of the minutes."),
        .sometimes("root", .digest, "The root of the minutes."),
    ])
}

extension EntryContentDocument {
    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch self {
        case .message(let content): Self.write(content, to: &writer)
        case .open(let terms): Self.write(terms, to: &writer)
        case .join(let admission):
            writer.member("type", "join")
            writer.name("admission")
            writer.hexadecimal(admission.signature.bytes)
            writer.member("agreementKey", admission.agreementKey)
        case .admit(let list):
            writer.member("type", "admit")
            writer.member("keys", list.keys)
        case .revoke(let revocation):
            writer.member("type", "revoke")
            writer.member("keys", revocation.keys)
            writer.member("linkKey", revocation.linkKey)
            writer.member("readCheck", revocation.readCheck)
        case .approve(let approval):
            writer.member("type", "approve")
            writer.member("close", approval.close)
            writer.member("count", approval.minutes.count)
            writer.member("root", approval.minutes.root)
        }
        writer.endObject()
    }

    private static func write(_ terms: MeetingTerms, to writer: inout JSONWriter) {
        writer.member("type", "open")
        writer.member("reading", terms.reading.name)
        writer.member("writing", terms.writing.name)
        writer.member("linkKey", terms.linkKey)
        writer.member("readCheck", terms.readCheck)
        writer.member("lifetime", terms.lifetime)
        writer.member("title", ifAny: terms.readableTitle)
    }

    private static func write(_ content: MessageContent, to writer: inout JSONWriter) {
        switch content {
        case .text(let text):
            writer.member("type", "text")
            writer.member("text", text)
        case .reply(let entry, let text):
            writer.member("type", "reply")
            writer.member("to", entry)
            writer.member("text", text)
        case .reaction(let entry, let text):
            writer.member("type", "reaction")
            writer.member("to", entry)
            writer.member("text", text)
        case .correction(let entry, let text):
            writer.member("type", "correction")
            writer.member("to", entry)
            writer.member("text", text)
        case .filePart: writer.member("type", "filePart")
        case .profile(let profile):
            writer.member("type", "profile")
            writer.member("name", profile.name)
            guard let cross = profile.crossSignature else { return }
            writer.member("identity", cross.identity)
            writer.name("crossSignature")
            writer.hexadecimal(cross.signature.bytes)
        case .epoch: writer.member("type", "epoch")
        }
    }
}

extension MeetingTerms {
    /// The title as text, or nil where it is sealed or no UTF-8.
    public var readableTitle: String? {
        guard reading == .everyone else { return nil }
        return String(validating: title, as: UTF8.self)
    }
}
