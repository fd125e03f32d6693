public import PhiCrypto
public import PhiLedger

/// The proof that a block holds an entry: the block's header and the path to its root.
public struct EntryProofDocument: Document {
    /// The block's header.
    public let header: Header
    /// The entry's index in the body.
    public let index: UInt16
    /// The hashes from the entry's sibling up to the entries root.
    public let path: [Digest]

    /// A proof of given parts.
    public init(header: Header, index: UInt16, path: [Digest]) {
        self.header = header
        self.index = index
        self.path = path
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("header", .base64(byteLimit: Header.byteCount), "The header of the block."),
        .always("index", .count, "The entry's index in the body."),
        .always("path", .list(of: .digest, limit: 11), "The path to the entries root."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "proof")
        let bytes = try fields.base64("header")
        do { header = try Header(decoding: bytes) } catch {
            throw .wrong(field: "header", wanted: "a header")
        }
        index = try fields.integer("index")
        path = try fields.fixedList("path")
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("header", base64: header.encoded)
        writer.member("index", index)
        writer.member("path", path)
        writer.endObject()
    }

    /// Whether the block of the header holds an entry with that leaf; the header itself is not judged.
    public func proves(leaf: Digest) -> Bool {
        let root = try? MerkleProof.root(
            index: UInt64(index),
            size: UInt64(header.entryCount),
            leaf: leaf,
            path: path
        )
        return root == header.entriesRoot
    }
}
