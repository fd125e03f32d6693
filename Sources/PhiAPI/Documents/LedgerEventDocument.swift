public import PhiCrypto

/// Something that happened, as subscribers hear of it.
///
/// Events come at least once: after a resumption some may come again, and an entry's id tells.
public enum LedgerEventDocument: Document {
    /// A block became the tip.
    case connected(HeaderDocument)
    /// The tip was taken back.
    case disconnected(HeaderDocument)
    /// An entry came, or took a step on the ladder of delivery; `status` says which.
    case entry(EntryDocument)
    /// An entry that is known to the subscriber took a step; only where the topic is that entry.
    case status(EntryStatusDocument)
    /// A waiting entry left the pool without being recorded, for a reason.
    case dropped(entry: Digest, reason: String)
    /// The cursor leads nowhere any more: read the history again, and go on from this event.
    case reset(reason: String)

    private var name: String {
        switch self {
        case .connected: "connected"
        case .disconnected: "disconnected"
        case .entry: "entry"
        case .status: "status"
        case .dropped: "dropped"
        case .reset: "reset"
        }
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always(
            "event",
            .choice(["connected", "disconnected", "entry", "status", "dropped", "reset"]),
            "What happened."
        ),
        .sometimes("header", .named("Header"), "The block that came or went."),
        .sometimes("entry", .anything, "The entry, or its id where it was dropped."),
        .sometimes("status", .named("EntryStatus"), "Where the entry stands."),
        .sometimes("reason", .text(byteLimit: 300), "Why it was dropped or reset."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "event")
        switch try fields.string("event") {
        case "connected": self = .connected(try fields.document("header"))
        case "disconnected": self = .disconnected(try fields.document("header"))
        case "entry": self = .entry(try fields.document("entry"))
        case "status": self = .status(try fields.document("status"))
        case "dropped":
            self = .dropped(entry: try fields.fixed("entry"), reason: try fields.string("reason"))
        case "reset": self = .reset(reason: try fields.string("reason"))
        default: throw .wrong(field: "event", wanted: "a known event")
        }
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("event", name)
        switch self {
        case .connected(let header), .disconnected(let header): writer.member("header", header)
        case .entry(let entry): writer.member("entry", entry)
        case .status(let status): writer.member("status", status)
        case .dropped(let entry, let reason):
            writer.member("entry", entry)
            writer.member("reason", reason)
        case .reset(let reason): writer.member("reason", reason)
        }
        writer.endObject()
    }
}
