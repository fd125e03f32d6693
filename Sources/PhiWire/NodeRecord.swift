public import PhiCrypto
public import PhiLedger

/// What a node says about itself, signed by its identity; it travels whole or not at all.
///
/// The layout has room for onion keys and for the price of an exit. This version uses neither, so
/// those fields are zero and anything else is refused.
public struct NodeRecord: Hashable, Sendable {
    /// What a node does for others.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The node checks and keeps the whole chain.
        public static let full = Flags(rawValue: 1 << 0)
        /// The node accepts connections at its addresses.
        public static let dialable = Flags(rawValue: 1 << 6)
        /// All flags that this version knows.
        public static let known: Flags = [.full, .dialable]

        /// The bits.
        public let rawValue: UInt16

        /// Flags from their bits.
        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }
    }

    /// The only version of the record.
    public static let version: UInt8 = 1
    /// Addresses in a record at most.
    public static let addressLimit: UInt8 = 4
    /// Bytes of a record without its addresses.
    public static let fixedByteCount = 187
    /// Bytes of a record with one address.
    public static let minimumByteCount = fixedByteCount + PeerAddress.byteCount
    /// Bytes of a record with all its addresses.
    public static let maximumByteCount =
        fixedByteCount + Int(addressLimit) * PeerAddress.byteCount

    /// What the node does for others.
    public let flags: Flags
    /// The lowest version of the protocol that the node speaks.
    public let minimumProtocol: UInt8
    /// The highest version of the protocol that the node speaks.
    public let maximumProtocol: UInt8
    /// The key that names the node and signs the record.
    public let identity: VerifyingKey
    /// When the record was signed; of two records of one node the later counts.
    public let signedAt: Timestamp
    /// The minute since 1970 at whose start the record ends.
    public let endMinute: UInt32
    /// The lowest block that the node serves.
    public let servesFrom: Height
    /// Where the node can be dialed, 1 to 4 addresses; the first is its main one.
    public let addresses: [PeerAddress]
    /// The identity's signature over all before.
    public let signature: Signature
    /// The record's bytes, from which all other properties were read.
    public let encoded: [UInt8]

    /// Reads a record that fills the whole of an array.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader, byteCount: bytes.count)
    }

    /// Takes a record of a given length off a reader.
    public init(
        from outer: inout ByteReader,
        byteCount: Int
    ) throws(DecodingFailure) {
        guard byteCount <= Self.maximumByteCount else {
            throw .overLimit(
                field: "record length",
                limit: UInt64(Self.maximumByteCount),
                found: UInt64(byteCount)
            )
        }
        encoded = try outer.take(byteCount, "record")
        var reader = ByteReader(encoded)
        flags = try Self.flags(from: &reader)
        minimumProtocol = try reader.integer("record proto_min")
        maximumProtocol = try reader.integer("record proto_max")
        identity = try reader.fixed("record identity")
        signedAt = Timestamp(
            milliseconds: try reader.integer("record seq", as: UInt64.self).byteSwapped
        )
        endMinute = try reader.integer("record valid_until", as: UInt32.self).byteSwapped
        try Self.skipZeros(32, "onion_now", from: &reader)
        try Self.skipZeros(4, "onion_now_until", from: &reader)
        try Self.skipZeros(32, "onion_next", from: &reader)
        servesFrom = Height(try reader.integer("record prune_height", as: UInt32.self).byteSwapped)
        try Self.skipZeros(1, "record pow_bits", from: &reader)
        addresses = try Self.addresses(from: &reader)
        signature = try reader.signature("record signature")
        try reader.finish()
    }

    /// When the record ends.
    public var end: Timestamp { Timestamp(milliseconds: UInt64(endMinute) * 60_000) }

    /// Whether this record takes the place of another of the same node.
    public func replaces(_ other: NodeRecord) -> Bool {
        identity == other.identity && signedAt > other.signedAt
    }

    private static func flags(from reader: inout ByteReader) throws(DecodingFailure) -> Flags {
        let version = try reader.integer("record version", as: UInt8.self)
        guard version == Self.version else {
            throw .unknown(field: "record version", found: UInt64(version))
        }
        let flags = Flags(rawValue: try reader.integer("record flags", as: UInt16.self).byteSwapped)
        guard flags.isSubset(of: .known) else {
            throw .unknown(field: "record flags", found: UInt64(flags.rawValue))
        }
        return flags
    }

    private static func skipZeros(
        _ count: Int,
        _ field: String,
        from reader: inout ByteReader
    ) throws(DecodingFailure) {
        let bytes = try reader.take(count, field)
        guard bytes.allSatisfy({ $0 == 0 }) else { throw .notZero(field: field) }
    }

    private static func addresses(
        from reader: inout ByteReader
    ) throws(DecodingFailure) -> [PeerAddress] {
        let count = try reader.integer("address count", atMost: addressLimit)
        guard count > 0 else { throw .underLimit(field: "address count", limit: 1, found: 0) }
        var addresses: [PeerAddress] = []
        for _ in 0..<count { addresses.append(try PeerAddress(from: &reader)) }
        return addresses
    }
}
