public import PhiLedger

/// A block: its header and its entries, or the bytes of its body.
public struct BlockDocument: Document {
    /// What the block holds.
    public enum Contents: Equatable, Sendable {
        /// The entries, field by field.
        case entries([EntryDocument])
        /// The body as a peer would send it.
        case body([UInt8])
    }

    /// The header.
    public let header: HeaderDocument
    /// What the block holds.
    public let contents: Contents

    /// A document of given parts.
    public init(header: Header, entries: [EntryDocument]) {
        self.header = HeaderDocument(header)
        contents = .entries(entries)
    }

    /// A document of a block's bytes.
    public init(header: Header, body: [UInt8]) {
        self.header = HeaderDocument(header, form: .raw)
        contents = .body(body)
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("header", .named("Header"), "The header."),
        .sometimes("entries", .list(of: .named("Entry"), limit: 2_048), "The entries in order."),
        .sometimes("raw", .base64(byteLimit: 1_000_000), "The body's bytes."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "block")
        header = try fields.document("header")
        contents =
            fields["raw"] == nil
            ? .entries(try fields.documents("entries")) : .body(try fields.base64("raw"))
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("header", header)
        switch contents {
        case .entries(let entries): writer.member("entries", entries)
        case .body(let bytes): writer.member("raw", base64: bytes)
        }
        writer.endObject()
    }
}
