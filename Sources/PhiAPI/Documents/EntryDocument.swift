public import PhiCrypto
public import PhiLedger

/// An entry, field by field and as its bytes, with what the node knows of it.
public struct EntryDocument: Document {
    /// The entry.
    public let entry: Entry
    /// The entry's name.
    public let id: Digest
    /// What a message says, where everybody may read it.
    private let message: EntryContentDocument?
    /// Whether the fields are written beside the bytes.
    public let form: Form
    /// Where the entry stands, if that was asked for.
    public let status: EntryStatusDocument?
    /// The proof that its block holds it, if that was asked for.
    public let proof: EntryProofDocument?

    /// A document of an entry.
    /// - Parameters:
    ///   - entry: The entry.
    ///   - id: Its name, which the caller knows already.
    ///   - isPublic: Whether everybody may read the contents of its meeting.
    ///   - form: Whether the fields are written beside the bytes.
    ///   - status: Where the entry stands.
    ///   - proof: The proof that its block holds it.
    public init(
        _ entry: Entry,
        id: Digest,
        isPublic: Bool,
        form: Form = .decoded,
        status: EntryStatusDocument? = nil,
        proof: EntryProofDocument? = nil
    ) {
        self.entry = entry
        self.id = id
        let isMessage = isPublic && form == .decoded && entry.kind == .message
        message = isMessage ? EntryContentDocument(of: entry, isPublic: true) : nil
        self.form = form
        self.status = status
        self.proof = proof
    }

    /// The meeting that the entry belongs to: for an `open` the one that it opens.
    public var meeting: Digest { entry.kind == .open ? id : entry.meeting }

    /// Whether this is a message whose content is written down, as everybody may read it.
    public var isPublic: Bool { message != nil }

    /// What the payload says, as far as everybody may read it.
    public var content: EntryContentDocument? {
        message ?? EntryContentDocument(of: entry, isPublic: false)
    }

    /// Reads the bytes; the members that follow from them are computed anew.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "entry")
        let isRaw = fields["raw"] != nil
        let bytes =
            isRaw
            ? try fields.base64("raw")
            : try fields.base64("envelope") + (try fields.base64("payload"))
        do { entry = try Entry(decoding: bytes, payloadLimit: Self.payloadLimit) } catch {
            throw .wrong(field: isRaw ? "raw" : "envelope", wanted: "an entry")
        }
        id = entry.id
        guard try fields.fixed("entry") == id else { throw .mismatch(field: "entry") }
        form = isRaw ? .raw : .decoded
        let isMessage = fields["content"] != nil && entry.kind == .message
        message = isMessage ? EntryContentDocument(of: entry, isPublic: true) : nil
        status = try fields.optional("status") { name throws(DocumentFailure) in
            try fields.document(name)
        }
        proof = try fields.optional("proof") { name throws(DocumentFailure) in
            try fields.document(name)
        }
    }

    /// Bytes of the largest payload of any network.
    private static let payloadLimit: UInt32 = 32_768

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("entry", id)
        if form == .raw {
            writer.member("raw", base64: entry.bytes)
        } else {
            writeFields(to: &writer)
        }
        writer.member("status", ifAny: status)
        writer.member("proof", ifAny: proof)
        writer.endObject()
    }

    private func writeFields(to writer: inout JSONWriter) {
        writer.member("kind", entry.kind.name)
        writer.member("meeting", meeting)
        writer.member("author", entry.author)
        writer.member("seq", entry.sequence)
        writer.member("previous", entry.previous)
        writer.name("anchor")
        writer.beginObject()
        writer.member("height", entry.anchorHeight)
        writer.name("tail")
        writer.hexadecimal(entry.bytes[148..<164])
        writer.endObject()
        writer.member("time", entry.authorTime)
        if let content {
            writer.name("content")
            content.write(to: &writer)
        }
        writer.name("stamp")
        writer.beginObject()
        writer.member("work", String(entry.stampWork, radix: 16))
        writer.member("nonce", digits: entry.stampNonce)
        writer.endObject()
        writer.name("signature")
        writer.hexadecimal(entry.bytes[204..<268])
        writer.member("leaf", entry.leaf)
        writer.member("envelope", base64: entry.bytes[..<Entry.envelopeByteCount])
        writer.member("payload", base64: entry.bytes[Entry.envelopeByteCount...])
    }
}

extension EntryDocument {
    /// The document's members.
    public static let shape = ValueShape.object([
        .always("entry", .digest, "The entry's id."),
        .sometimes("kind", .choice(EntryKind.allCases.map(\.name)), "What the entry is."),
        .sometimes("meeting", .digest, "The meeting; for an open the one that it opens."),
        .sometimes("author", .key, "Who signed."),
        .sometimes("seq", .count, "The number among the author's entries there."),
        .sometimes("previous", .digest, "The author's entry before; zeros for the first."),
        .sometimes(
            "anchor",
            .object([
                .always("height", .height, "The height of a block that the author had seen."),
                .always("tail", .text(byteLimit: 32), "The last 16 bytes of its hash."),
            ]),
            "The block that the author had seen."
        ),
        .sometimes("time", .time, "When the author says it was written."),
        .sometimes("content", .named("EntryContent"), "What the payload says, if not sealed."),
        .sometimes(
            "stamp",
            .object([
                .always("work", .work, "The declared work."),
                .always("nonce", .text(byteLimit: 16), "The nonce as 16 hexadecimal digits."),
            ]),
            "The proof of work on the entry."
        ),
        .sometimes("signature", .text(byteLimit: 128), "The author's signature over the id."),
        .sometimes("leaf", .digest, "The leaf in the trees of its block and meeting."),
        .sometimes("envelope", .base64(byteLimit: Entry.envelopeByteCount), "The envelope."),
        .sometimes("payload", .base64(byteLimit: 32_768), "Salt and content."),
        .sometimes(
            "raw",
            .base64(byteLimit: Methods.entryByteLimit),
            "Envelope and payload, where the form asked for is raw."
        ),
        .sometimes("status", .named("EntryStatus"), "Where the entry stands."),
        .sometimes("proof", .named("EntryProof"), "The proof that the block holds the entry."),
    ])
}
