public import PhiConsensus
public import PhiCrypto
public import PhiLedger

/// A meeting: the entry that opened it, and what consensus knows of it at the tip.
public struct MeetingDocument: Document {
    /// The entry that opened the meeting; its id is the meeting's, so nobody can lie about it.
    public let open: Entry
    /// The meeting's id.
    public let meeting: Digest
    /// The terms in that entry.
    public let terms: MeetingTerms
    /// Whether entries can still be written.
    public let isOpen: Bool
    /// The height of the `open`.
    public let openHeight: Height
    /// The last height at which entries are taken, once that is known.
    public let lastOpenHeight: UInt64?
    /// The id of the `close`; nil where there is none.
    public let close: Digest?
    /// The key that admits by link now; zeros admit nobody.
    public let linkKey: VerifyingKey
    /// The read check of the present epoch.
    public let readCheck: Digest
    /// Members beside the host, where members are counted.
    public let members: UInt32
    /// What the record has so far; final once the meeting has ended.
    public let minutes: MinutesDigest

    /// A document of a meeting as it is for a block after the tip.
    public init?(open: Entry, state: MeetingState, tip: Height) {
        guard open.kind == .open, let terms = try? MeetingTerms(decoding: open.payload) else {
            return nil
        }
        self.open = open
        self.terms = terms
        meeting = open.id
        isOpen = !state.isClosed(at: tip.next ?? tip)
        openHeight = state.openHeight
        lastOpenHeight = state.lastOpenHeight
        close = state.close.isZero ? nil : state.close
        linkKey = state.linkKey
        readCheck = state.readCheck
        members = state.memberCount
        minutes = state.minutes
    }

    /// The host's key.
    public var host: VerifyingKey { open.author }

    /// Reads the document out of a tree; the terms come from the entry alone.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "meeting")
        let bytes = try fields.base64("open")
        guard let open = try? Entry(decoding: bytes, payloadLimit: 32_768), open.kind == .open,
            let terms = try? MeetingTerms(decoding: open.payload)
        else { throw .wrong(field: "open", wanted: "an entry that opens a meeting") }
        self.open = open
        self.terms = terms
        meeting = open.id
        guard try fields.fixed("meeting") == meeting else { throw .mismatch(field: "meeting") }
        let state = try fields.string("state")
        guard state == "open" || state == "closed" else {
            throw .wrong(field: "state", wanted: "“open” or “closed”")
        }
        isOpen = state == "open"
        openHeight = try fields.height("openedAt")
        lastOpenHeight = try fields.optional("closesAfter") { name throws(DocumentFailure) in
            try fields.integer(name)
        }
        close = try fields.optional("close") { name throws(DocumentFailure) in
            try fields.fixed(name)
        }
        linkKey = try fields.fixed("linkKey")
        readCheck = try fields.fixed("readCheck")
        members = try fields.integer("members")
        minutes = MinutesDigest(
            count: try fields.integer("entries"),
            root: try fields.fixed("root")
        )
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("meeting", meeting)
        writer.member("host", host)
        writer.member("state", isOpen ? "open" : "closed")
        writer.member("reading", terms.reading.name)
        writer.member("writing", terms.writing.name)
        writer.member("title", orNull: terms.readableTitle)
        writer.member("time", open.authorTime)
        writer.member("lifetime", terms.lifetime)
        writer.member("openedAt", openHeight)
        writer.member("closesAfter", ifAny: lastOpenHeight)
        writer.member("close", ifAny: close)
        writer.member("linkKey", linkKey)
        writer.member("readCheck", readCheck)
        writer.member("members", members)
        writer.member("entries", minutes.count)
        writer.member("root", minutes.root)
        writer.member("open", base64: open.bytes)
        writer.endObject()
    }
}

extension MeetingDocument {
    /// The document's members.
    public static let shape = ValueShape.object([
        .always("meeting", .digest, "The meeting's id."),
        .always("host", .key, "Who opened it."),
        .always("state", .choice(["open", "closed"]), "Whether it can be written to."),
        .always("reading", .choice(["public", "private"]), "Who can read."),
        .always("writing", .choice(["anyone", "link", "named"]), "Who can write."),
        .always("title", .optional(.text(byteLimit: 256)), "The title, where it is not sealed."),
        .always("time", .time, "When the host says it was opened."),
        .always("lifetime", .height, "Blocks until it closes by itself; 0 is never."),
        .always("openedAt", .height, "The height of its first block."),
        .sometimes("closesAfter", .count, "The last height at which it takes entries."),
        .sometimes("close", .digest, "The entry that closed it."),
        .always("linkKey", .key, "The key that admits by link; zeros admit nobody."),
        .always("readCheck", .digest, "What binds readers to the secret of the present epoch."),
        .always("members", .count, "Members beside the host, where they are counted."),
        .always("entries", .count, "How many entries the record has."),
        .always("root", .digest, "The root over their envelopes so far."),
        .always("open", .base64(byteLimit: Methods.entryByteLimit), "The entry that opened it."),
    ])
}
