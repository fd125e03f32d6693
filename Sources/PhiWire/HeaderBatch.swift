public import PhiCrypto
public import PhiLedger

/// Headers that follow one another, each as what its parent does not already fix.
public struct HeaderBatch: Hashable, Sendable {
    /// The height of the first header, 1 at least: a genesis block is never sent.
    public let start: Height
    /// The hash of the block before the first header.
    public let parent: Digest
    /// The headers in rising order; none when the sender knows nothing after the parent.
    public let items: [CompactHeader]

    /// A batch with every field given.
    public init(start: Height, parent: Digest, items: [CompactHeader]) {
        self.start = start
        self.parent = parent
        self.items = items
    }

    init(
        from reader: inout ByteReader,
        parameters: NetworkParameters
    ) throws(DecodingFailure) {
        start = Height(try reader.integer("start height"))
        guard start > .genesis else { throw .zero(field: "start height") }
        parent = try reader.fixed("parent hash")
        let count = try reader.integer("header count", atMost: Limits.headers)
        let heights = UInt32.max - start.rawValue
        guard count == 0 || UInt32(count) - 1 <= heights else {
            throw .overLimit(
                field: "header count",
                limit: UInt64(heights) + 1,
                found: UInt64(count)
            )
        }
        var items: [CompactHeader] = []
        // What is announced costs nothing until its bytes are here.
        items.reserveCapacity(
            min(Int(count), reader.remaining / CompactHeader.minimumByteCount)
        )
        for _ in 0..<count {
            items.append(try CompactHeader(from: &reader, parameters: parameters))
        }
        self.items = items
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: start.rawValue)
        parent.append(to: &bytes)
        bytes.append(littleEndian: UInt16(items.count))
        for item in items { item.append(to: &bytes) }
    }
}
