public import PhiCrypto

/// What an author's next entry must name, with the entries that wait counted in.
public struct AuthorHeadDocument: Document {
    /// The author's key.
    public let author: VerifyingKey
    /// The meeting; zero for the feed of `open` entries.
    public let meeting: Digest
    /// The number of the next entry.
    public let sequence: UInt64
    /// The entry that the next one names as the one before it; zero for the first.
    public let previous: Digest
    /// How many entries wait for a block.
    public let pending: Int

    /// A document with every field given.
    public init(
        author: VerifyingKey,
        meeting: Digest,
        sequence: UInt64,
        previous: Digest,
        pending: Int
    ) {
        self.author = author
        self.meeting = meeting
        self.sequence = sequence
        self.previous = previous
        self.pending = pending
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("author", .key, "The author's key."),
        .always("meeting", .digest, "The meeting; zeros for the author's own feed."),
        .always("seq", .count, "The number of the next entry."),
        .always("previous", .digest, "The predecessor that the next entry names."),
        .always("pending", .count, "How many entries wait for a block."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "head")
        author = try fields.fixed("author")
        meeting = try fields.fixed("meeting")
        sequence = try fields.integer("seq")
        previous = try fields.fixed("previous")
        pending = try fields.count("pending")
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("author", author)
        writer.member("meeting", meeting)
        writer.member("seq", sequence)
        writer.member("previous", previous)
        writer.member("pending", pending)
        writer.endObject()
    }
}
