public import PhiCrypto
public import PhiLedger

/// A header, field by field and as its bytes.
public struct HeaderDocument: Document {
    /// The header.
    public let header: Header
    /// The block's name.
    public let block: Digest
    /// Whether the fields are written beside the bytes.
    public let form: Form

    /// A document of a header.
    public init(_ header: Header, form: Form = .decoded) {
        self.header = header
        block = header.hash
        self.form = form
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("block", .digest, "The hash of the header, which names the block."),
        .always("height", .height, "The place in the chain."),
        .sometimes("previous", .digest, "The parent's hash; in height 0 that of the parameters."),
        .sometimes("time", .time, "When the block was made, by its miner's clock."),
        .sometimes("idle", .count, "Milliseconds that the difficulty rule forgives."),
        .sometimes("bits", .count, "The target in compact form."),
        .sometimes("nonce", .text(byteLimit: 16), "The nonce as 16 hexadecimal digits."),
        .sometimes("chainWork", .work, "The work of the chain up to here, this block included."),
        .sometimes("entriesRoot", .digest, "The RFC 6962 root over the block's envelopes."),
        .sometimes("historyRoot", .digest, "The RFC 6962 root over all earlier headers."),
        .sometimes("entryCount", .count, "How many entries the block has."),
        .sometimes("bodyBytes", .count, "How many bytes its body has."),
        .always("raw", .base64(byteLimit: Header.byteCount), "The header's bytes."),
    ])

    /// Reads the bytes; the other members follow from them.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "header")
        do { header = try Header(decoding: try fields.base64("raw")) } catch {
            throw (error as? DocumentFailure) ?? .wrong(field: "raw", wanted: "a header")
        }
        block = header.hash
        guard try fields.fixed("block") == block else { throw .mismatch(field: "block") }
        guard try fields.height("height") == header.height else {
            throw .mismatch(field: "height")
        }
        form = fields["previous"] == nil ? .raw : .decoded
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("block", block)
        writer.member("height", header.height)
        if form == .decoded {
            writer.member("previous", header.previous)
            writer.member("time", header.time)
            writer.member("idle", header.idle)
            writer.member("bits", header.bits)
            writer.member("nonce", digits: header.nonce)
            writer.member("chainWork", header.chainWork)
            writer.member("entriesRoot", header.entriesRoot)
            writer.member("historyRoot", header.historyRoot)
            writer.member("entryCount", header.entryCount)
            writer.member("bodyBytes", header.bodyBytes)
        }
        writer.member("raw", base64: header.encoded)
        writer.endObject()
    }
}
