public import PhiCrypto

/// The entries of a block in their order.
///
/// The wire form is each envelope and payload one after another, nothing between or after.
public struct BlockBody: Hashable, Sendable {
    /// The entries.
    public let entries: [Entry]

    /// A body of given entries.
    public init(_ entries: [Entry]) {
        self.entries = entries
    }

    /// Reads a body that must be the one a header commits to.
    ///
    /// The order of the checks matters: until the root over the envelopes is right, the bytes say
    /// nothing about the header. After that a forbidden envelope condemns the block itself.
    public init(
        decoding bytes: [UInt8],
        for header: Header,
        parameters: NetworkParameters
    ) throws(BodyFailure) {
        guard header.entryCount <= parameters.maximumEntries,
            header.bodyBytes <= parameters.maximumBodyBytes
        else {
            throw .headerOverLimit(entries: header.entryCount, bytes: header.bodyBytes)
        }
        guard bytes.count == Int(header.bodyBytes) else {
            throw .byteCount(expected: header.bodyBytes, found: bytes.count)
        }
        let ranges = try Self.entryRanges(in: bytes, count: Int(header.entryCount))
        let leaves = ranges.map { range in
            let end = range.lowerBound + Entry.envelopeByteCount
            return MerkleTree.leaf(bytes, in: range.lowerBound..<end)
        }
        guard MerkleTree.root(ofLeaves: leaves) == header.entriesRoot else { throw .root }
        var entries: [Entry] = []
        entries.reserveCapacity(ranges.count)
        for (index, range) in ranges.enumerated() {
            let entry: Entry
            do {
                entry = try Entry(
                    decoding: Array(bytes[range]),
                    payloadLimit: parameters.maximumPayloadBytes
                )
            } catch { throw .forbiddenEntry(index: index, error) }
            guard entry.computedPayloadHash == entry.payloadHash else {
                throw .payload(index: index)
            }
            entries.append(entry)
        }
        self.entries = entries
    }

    private static func entryRanges(
        in bytes: [UInt8],
        count: Int
    ) throws(BodyFailure) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(count)
        var start = 0
        for index in 0..<count {
            let envelope = Entry.envelopeByteCount
            guard bytes.count - start >= envelope else { throw .length(index: index) }
            let payload = bytes.littleEndianInteger(at: start + 4, as: UInt32.self)
            guard bytes.count - start - envelope >= Int(payload) else {
                throw .length(index: index)
            }
            let end = start + envelope + Int(payload)
            ranges.append(start..<end)
            start = end
        }
        guard start == bytes.count else { throw .length(index: count) }
        return ranges
    }

    /// The wire form.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for entry in entries { bytes.append(contentsOf: entry.bytes) }
        return bytes
    }

    /// Bytes of the wire form.
    public var byteCount: Int { entries.reduce(0) { $0 + $1.bytes.count } }

    /// The root over the envelopes.
    public var root: Digest { MerkleTree.root(ofLeaves: entries.map(\.leaf)) }
}

/// Why bytes are not the body of a block.
public enum BodyFailure: Error, Equatable, Sendable {
    /// The header itself commits to more than the network allows.
    case headerOverLimit(entries: UInt32, bytes: UInt32)
    /// The body has another size.
    case byteCount(expected: UInt32, found: Int)
    /// An entry runs past the end, or bytes follow the last.
    case length(index: Int)
    /// The envelopes have another root.
    case root
    /// A payload is not the one that its envelope names.
    case payload(index: Int)
    /// The body is the right one, and holds an envelope that no block may hold.
    case forbiddenEntry(index: Int, DecodingFailure)

    /// Whether the block is to blame, and not the peer that sent other bytes.
    public var condemnsHeader: Bool {
        switch self {
        case .headerOverLimit, .forbiddenEntry: true
        case .byteCount, .length, .root, .payload: false
        }
    }
}

/// A header and its body.
public struct Block: Hashable, Sendable {
    /// What the body is checked against.
    public let header: Header
    /// The entries.
    public let body: BlockBody

    /// A block of given parts.
    public init(header: Header, body: BlockBody) {
        self.header = header
        self.body = body
    }
}
