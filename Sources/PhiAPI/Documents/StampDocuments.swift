public import PhiLedger

/// How much work an entry needs now.
public struct StampQuote: Document {
    /// The least work that the network allows, in hashes.
    public let work: UInt64
    /// The work that this node's mempool asks for now; more than `work` while it is full.
    public let poolWork: UInt64

    /// A quote of given parts.
    public init(work: UInt64, poolWork: UInt64) {
        self.work = work
        self.poolWork = poolWork
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("work", .work, "The least work that the network allows."),
        .always("poolWork", .work, "The least work that this node takes now."),
        .always("hashes", .count, "The work to do, as an expected number of hashes."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "quote")
        guard let work = UInt64(exactly: try fields.work("work").rawValue) else {
            throw .wrong(field: "work", wanted: "work below 2^64")
        }
        guard let poolWork = UInt64(exactly: try fields.work("poolWork").rawValue) else {
            throw .wrong(field: "poolWork", wanted: "work below 2^64")
        }
        self.init(work: work, poolWork: poolWork)
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("work", Work(rawValue: UInt128(work)))
        writer.member("poolWork", Work(rawValue: UInt128(poolWork)))
        writer.member("hashes", max(work, poolWork))
        writer.endObject()
    }
}

/// An entry with the stamp that a node did for it.
public struct StampedDocument: Document {
    /// The entry with its stamp.
    public let entry: Entry

    /// A document of a stamped entry.
    public init(_ entry: Entry) { self.entry = entry }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("entry", .base64(byteLimit: Methods.entryByteLimit), "The entry with its stamp."),
        .always("work", .work, "The declared work."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let bytes = try DocumentFields(json, of: "stamped entry").base64("entry")
        guard let entry = try? Entry(decoding: bytes, payloadLimit: 32_768) else {
            throw .wrong(field: "entry", wanted: "an entry")
        }
        self.entry = entry
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("entry", base64: entry.bytes)
        writer.member("work", Work(rawValue: UInt128(entry.stampWork)))
        writer.endObject()
    }
}
