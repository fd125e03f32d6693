import PhiLedger

/// A page of entries, with cursors to both sides of it.
public struct HistoryPage: Document {
    /// Recorded entries in the order that was asked for.
    public let entries: [EntryDocument]
    /// Entries that are in no block yet, where they were asked for; never counted in the limit.
    public let pending: [EntryDocument]
    /// Where to go on the same way; nil where nothing more is recorded that way.
    public let next: String?
    /// Where to go on the other way; nil where the page's query found nothing.
    public let previous: String?
    /// Entries that were looked at to find these.
    public let scanned: Int

    /// A page of given parts.
    public init(
        entries: [EntryDocument],
        pending: [EntryDocument] = [],
        next: String?,
        previous: String?,
        scanned: Int
    ) {
        self.entries = entries
        self.pending = pending
        self.next = next
        self.previous = previous
        self.scanned = scanned
    }

    /// About how many bytes the text has.
    public var textByteCount: Int {
        (entries + pending).reduce(256) { sum, document in
            sum + 1_024 + document.entry.bytes.count * 3 / 2
        }
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("entries", .list(of: .named("Entry"), limit: 500), "The items in order."),
        .always("pending", .list(of: .named("Entry"), limit: 500), "Those in no block yet."),
        .always("next", .optional(.text(byteLimit: Topic.cursorByteLimit)), "The next cursor."),
        .always(
            "previous",
            .optional(.text(byteLimit: Topic.cursorByteLimit)),
            "The cursor for the other direction."
        ),
        .always("scanned", .count, "How many entries were looked at to find these."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "page")
        entries = try fields.documents("entries")
        pending = try fields.documents("pending")
        next = try fields.optional("next", fields.string)
        previous = try fields.optional("previous", fields.string)
        scanned = try fields.count("scanned")
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("entries", entries)
        writer.member("pending", pending)
        writer.member("next", orNull: next)
        writer.member("previous", orNull: previous)
        writer.member("scanned", scanned)
        writer.endObject()
    }
}

/// A document that comes in pages, with the name that its list has there.
public protocol PagedDocument: Document {
    /// The name of the list.
    static var listName: String { get }
}

/// A page of documents of one kind.
public struct DocumentPage<Item: PagedDocument>: Document {
    /// The items in the order that was asked for.
    public let items: [Item]
    /// Where to go on, or nil at the end.
    public let next: String?

    /// A page of given parts.
    public init(_ items: [Item], next: String?) {
        self.items = items
        self.next = next
    }

    /// The document's members.
    public static var shape: ValueShape { .page(of: Item.shape, named: Item.listName) }

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "page")
        items = try fields.documents(Item.listName)
        next = try fields.optional("next", fields.string)
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member(Item.listName, items)
        writer.member("next", orNull: next)
        writer.endObject()
    }
}

extension HeaderDocument: PagedDocument {
    /// The name of a list of headers.
    public static var listName: String { "headers" }
}

extension EntryDocument: PagedDocument {
    /// The name of a list of entries.
    public static var listName: String { "entries" }
}

extension MeetingDocument: PagedDocument {
    /// The name of a list of meetings.
    public static var listName: String { "meetings" }
}

extension MemberDocument: PagedDocument {
    /// The name of a list of members.
    public static var listName: String { "members" }
}

extension PeerDocument: PagedDocument {
    /// The name of a list of peers.
    public static var listName: String { "peers" }
}
