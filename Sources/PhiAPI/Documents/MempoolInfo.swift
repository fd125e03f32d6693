/// How much waits for a block, and what a place costs.
public struct MempoolInfo: Document {
    /// How many entries wait.
    public let entries: Int
    /// How many bytes they have.
    public let bytes: Int
    /// The least declared work for each priced byte that is taken now.
    public let minimumDensity: UInt64

    /// A document with every field given.
    public init(entries: Int, bytes: Int, minimumDensity: UInt64) {
        self.entries = entries
        self.bytes = bytes
        self.minimumDensity = minimumDensity
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("entries", .count, "How many entries wait."),
        .always("bytes", .count, "How many bytes they have."),
        .always("minimumDensity", .count, "The least work for each priced byte that is taken."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "mempool")
        entries = try fields.count("entries")
        bytes = try fields.count("bytes")
        minimumDensity = try fields.integer("minimumDensity")
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("entries", entries)
        writer.member("bytes", bytes)
        writer.member("minimumDensity", minimumDensity)
        writer.endObject()
    }
}
