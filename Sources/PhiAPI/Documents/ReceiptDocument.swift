public import PhiCrypto

/// A receipt, as the text that anyone can check without a node.
public struct ReceiptDocument: Document {
    /// The entry's id.
    public let entry: Digest
    /// The receipt's text.
    public let receipt: String

    /// A document of given parts.
    public init(entry: Digest, receipt: String) {
        self.entry = entry
        self.receipt = receipt
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("entry", .digest, "The entry's id."),
        .always("receipt", .text(byteLimit: 1 << 20), "The receipt's text."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "receipt")
        entry = try fields.fixed("entry")
        receipt = try fields.string("receipt")
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("entry", entry)
        writer.member("receipt", receipt)
        writer.endObject()
    }
}
