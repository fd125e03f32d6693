public import PhiCrypto
public import PhiLedger

/// A new block for a peer that has most of its entries: the header and short ids.
///
/// There is one for every block with entries; an empty block is told in whole by its header.
public struct CompactBlock: Hashable, Sendable {
    /// An entry that the sender guesses to be missing at the receiver.
    public struct Prefilled: Hashable, Sendable {
        /// The place of the entry in the block.
        public let index: UInt16
        /// The entry.
        public let entry: Entry

        /// An entry at its place.
        public init(index: UInt16, entry: Entry) {
            self.index = index
            self.entry = entry
        }
    }

    /// The height of the block, 1 at least.
    public let height: Height
    /// The hash of the block before.
    public let parent: Digest
    /// The header, which has entries.
    public let header: CompactHeader
    /// What the sender salted the short ids with.
    public let salt: UInt64
    /// The short ids of all entries that are not prefilled, in the order of the block.
    public let identifiers: [ShortID]
    /// The entries that come whole, in the order of the block.
    public let prefilled: [Prefilled]

    /// A compact block with every field given.
    ///
    /// - Precondition: The header has as many entries as there are short ids and prefilled ones.
    public init(
        height: Height,
        parent: Digest,
        header: CompactHeader,
        salt: UInt64,
        identifiers: [ShortID],
        prefilled: [Prefilled]
    ) {
        let count = header.body.map { Int($0.entryCount) } ?? 0
        precondition(
            count > 0 && identifiers.count + prefilled.count == count,
            "every entry of the block stands in one of the lists"
        )
        self.height = height
        self.parent = parent
        self.header = header
        self.salt = salt
        self.identifiers = identifiers
        self.prefilled = prefilled
    }

    init(
        from reader: inout ByteReader,
        parameters: NetworkParameters
    ) throws(DecodingFailure) {
        height = Height(try reader.integer("block height"))
        guard height > .genesis else { throw .zero(field: "block height") }
        parent = try reader.fixed("parent hash")
        header = try CompactHeader(from: &reader, parameters: parameters)
        guard let body = header.body else { throw .zero(field: "entry_count") }
        salt = try reader.integer("salt")
        let count = try reader.integer("short id count", atMost: UInt16(body.entryCount))
        var identifiers: [ShortID] = []
        identifiers.reserveCapacity(Int(count))
        for _ in 0..<count { identifiers.append(try ShortID(from: &reader)) }
        var prefilled: [Prefilled] = []
        var byteCount: UInt64 = 0
        for _ in UInt32(count)..<body.entryCount {
            let index = try BlockIndex.read(
                from: &reader,
                after: prefilled.last?.index,
                below: body.entryCount
            )
            let entry = try Entry(from: &reader, payloadLimit: parameters.maximumPayloadBytes)
            byteCount += UInt64(entry.bytes.count)
            guard byteCount <= UInt64(body.byteCount) else {
                throw .overLimit(
                    field: "prefilled entries",
                    limit: UInt64(body.byteCount),
                    found: byteCount
                )
            }
            prefilled.append(Prefilled(index: index, entry: entry))
        }
        self.identifiers = identifiers
        self.prefilled = prefilled
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: height.rawValue)
        parent.append(to: &bytes)
        header.append(to: &bytes)
        bytes.append(littleEndian: salt)
        bytes.append(littleEndian: UInt16(identifiers.count))
        for identifier in identifiers { identifier.append(to: &bytes) }
        var previous: UInt16?
        for item in prefilled {
            BlockIndex.append(item.index, to: &bytes, after: previous)
            bytes.append(contentsOf: item.entry.bytes)
            previous = item.index
        }
    }
}
