public import PhiCrypto
public import PhiLedger

/// Where a chain ends; every header's document can be read as one.
public struct TipDocument: Document {
    /// The last block.
    public let block: Digest
    /// The height of the last block.
    public let height: Height
    /// When the last block was made.
    public let time: Timestamp
    /// The work of the whole chain.
    public let chainWork: Work

    /// A tip of a given header.
    public init(_ header: Header) {
        block = header.hash
        height = header.height
        time = header.time
        chainWork = header.chainWork
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("block", .digest, "The hash of the last block."),
        .always("height", .height, "Its height."),
        .always("time", .time, "When it was made."),
        .always("chainWork", .work, "The work of the whole chain."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "tip")
        block = try fields.fixed("block")
        height = try fields.height("height")
        time = try fields.time("time")
        chainWork = try fields.work("chainWork")
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("block", block)
        writer.member("height", height)
        writer.member("time", time)
        writer.member("chainWork", chainWork)
        writer.endObject()
    }
}
