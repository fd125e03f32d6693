public import PhiCrypto
public import PhiLedger

/// The minutes of a meeting, page by page: first all leaves of the record, then who signed it.
public struct MinutesDocument: Document {
    /// The meeting's id.
    public let meeting: Digest
    /// Whether count and root are fixed.
    public let isClosed: Bool
    /// Count and root of the record.
    public let minutes: MinutesDigest
    /// The id of the `close`, which an approval names; zero where a lifetime ended the meeting.
    public let close: Digest
    /// The number of the page's first leaf among all.
    public let firstLeaf: UInt64
    /// Leaves of the record in order, as many as the page has.
    public let leaves: [Digest]
    /// Entries that sign the minutes, as many as the page has.
    public let approvals: [EntryDocument]
    /// Where to go on, or nil at the end.
    public let next: String?

    /// A document with every field given.
    public init(
        meeting: Digest,
        isClosed: Bool,
        minutes: MinutesDigest,
        close: Digest,
        firstLeaf: UInt64,
        leaves: [Digest],
        approvals: [EntryDocument],
        next: String?
    ) {
        self.meeting = meeting
        self.isClosed = isClosed
        self.minutes = minutes
        self.close = close
        self.firstLeaf = firstLeaf
        self.leaves = leaves
        self.approvals = approvals
        self.next = next
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("meeting", .digest, "The meeting's id."),
        .always("closed", .boolean, "Whether count and root are fixed."),
        .always("count", .count, "How many entries the record has."),
        .always("root", .digest, "The root over their envelopes."),
        .always("close", .digest, "The entry that closed it; zeros by lifetime or while open."),
        .always("firstLeaf", .count, "The number of the first leaf below among all."),
        .always("leaves", .list(of: .digest, limit: 500), "Leaves of the record in order."),
        .always("approvals", .list(of: .named("Entry"), limit: 500), "Who signed the minutes."),
        .always("next", .optional(.text(byteLimit: Topic.cursorByteLimit)), "The next cursor."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "minutes")
        meeting = try fields.fixed("meeting")
        isClosed = try fields.bool("closed")
        minutes = MinutesDigest(count: try fields.integer("count"), root: try fields.fixed("root"))
        close = try fields.fixed("close")
        firstLeaf = try fields.integer("firstLeaf")
        leaves = try fields.fixedList("leaves")
        approvals = try fields.documents("approvals")
        next = try fields.optional("next", fields.string)
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("meeting", meeting)
        writer.member("closed", isClosed)
        writer.member("count", minutes.count)
        writer.member("root", minutes.root)
        writer.member("close", close)
        writer.member("firstLeaf", firstLeaf)
        writer.member("leaves", leaves)
        writer.member("approvals", approvals)
        writer.member("next", orNull: next)
        writer.endObject()
    }
}
