public import PhiCrypto

/// The 156 bytes that link a block to its chain and commit to everything in it.
public struct Header: Hashable, Sendable {
    /// Bytes of the encoding.
    public static let byteCount = 156
    /// Bytes before the time: two blocks of SHA-256, the same for every try of a miner.
    public static let prefixByteCount = 128
    /// The only version of the header.
    public static let version: UInt32 = 1

    /// The place in the chain, and the index in the history tree.
    public var height: Height
    /// How many entries the body has.
    public var entryCount: UInt32
    /// Bytes of the body.
    public var bodyBytes: UInt32
    /// The parent's hash; in a genesis header the hash of the network's parameters.
    public var previous: Digest
    /// The RFC 6962 root over the body's envelopes.
    public var entriesRoot: Digest
    /// The RFC 6962 root over all earlier headers.
    public var historyRoot: Digest
    /// The work of the chain up to here, this block included.
    public var chainWork: Work
    /// When the block was made, by its miner's clock.
    public var time: Timestamp
    /// Milliseconds that the difficulty rule forgives up to here.
    public var idle: UInt64
    /// The target, in compact form.
    public var bits: UInt32
    /// What the miner varied.
    public var nonce: UInt64

    /// A header with every field given.
    public init(
        height: Height,
        entryCount: UInt32,
        bodyBytes: UInt32,
        previous: Digest,
        entriesRoot: Digest,
        historyRoot: Digest,
        chainWork: Work,
        time: Timestamp,
        idle: UInt64,
        bits: UInt32,
        nonce: UInt64
    ) {
        self.height = height
        self.entryCount = entryCount
        self.bodyBytes = bodyBytes
        self.previous = previous
        self.entriesRoot = entriesRoot
        self.historyRoot = historyRoot
        self.chainWork = chainWork
        self.time = time
        self.idle = idle
        self.bits = bits
        self.nonce = nonce
    }

    /// Reads a header that fills the whole of an array.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }

    /// Takes a header off a reader.
    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        let version = try reader.integer("header version", as: UInt32.self)
        guard version == Self.version else {
            throw .unknown(field: "header version", found: UInt64(version))
        }
        height = Height(try reader.integer("height"))
        entryCount = try reader.integer("entry_count")
        bodyBytes = try reader.integer("body_bytes")
        previous = try reader.fixed("prev")
        entriesRoot = try reader.fixed("entries_root")
        historyRoot = try reader.fixed("history_root")
        chainWork = Work(rawValue: try reader.integer("chain_work"))
        time = Timestamp(milliseconds: try reader.integer("time"))
        idle = try reader.integer("idle")
        bits = try reader.integer("bits")
        nonce = try reader.integer("nonce")
    }

    /// The 156 bytes.
    public var encoded: [UInt8] {
        var bytes = searchPrefix
        bytes.append(contentsOf: searchTail)
        bytes.append(littleEndian: nonce)
        return bytes
    }

    /// The first 128 bytes, which a nonce search does not change.
    public var searchPrefix: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        bytes.append(littleEndian: Self.version)
        bytes.append(littleEndian: height.rawValue)
        bytes.append(littleEndian: entryCount)
        bytes.append(littleEndian: bodyBytes)
        previous.append(to: &bytes)
        entriesRoot.append(to: &bytes)
        historyRoot.append(to: &bytes)
        bytes.append(littleEndian: chainWork.rawValue)
        return bytes
    }

    /// The 20 bytes between the prefix and the nonce.
    public var searchTail: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: time.milliseconds)
        bytes.append(littleEndian: idle)
        bytes.append(littleEndian: bits)
        return bytes
    }

    /// The block's name: the double SHA-256 of the header.
    public var hash: Digest { SHA256.doubleHash(encoded) }

    /// The header's leaf in the history tree.
    public var historyLeaf: Digest { MerkleTree.leaf(encoded) }
}
