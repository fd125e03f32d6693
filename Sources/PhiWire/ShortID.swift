public import PhiCrypto
public import PhiLedger

/// Six bytes that stand for an entry in one compact block: the low 48 bits of a keyed hash.
///
/// The key comes from the header and a salt, so nobody can make two entries that collide
/// everywhere. Two that collide in one block are found out by the root.
public struct ShortID: Hashable, Sendable {
    /// Bytes on the wire.
    public static let byteCount = 6

    /// The number, below 2^48.
    public let rawValue: UInt64

    /// The short id that a hash ends in.
    public init(truncating hash: UInt64) {
        rawValue = hash & 0xffff_ffff_ffff
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let low = try reader.integer("short id", as: UInt32.self)
        let high = try reader.integer("short id", as: UInt16.self)
        rawValue = UInt64(high) << 32 | UInt64(low)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: rawValue))
        bytes.append(littleEndian: UInt16(truncatingIfNeeded: rawValue >> 32))
    }

    /// The short ids of leaf hashes in a compact block, in their order.
    ///
    /// - Parameters:
    ///   - leaves: The leaf hashes.
    ///   - header: The block's header.
    ///   - salt: The salt that the sender chose.
    /// - Returns: As many short ids.
    /// - Throws: What the library could not do.
    public static func of(
        _ leaves: [Digest],
        header: Header,
        salt: UInt64
    ) throws(CryptoFailure) -> [ShortID] {
        var bytes = header.encoded
        bytes.append(littleEndian: salt)
        let key = SHA256.hash(bytes).bytes.prefix(SipHash.keyByteCount)
        var function = try SipHash(key: Array(key))
        var identifiers: [ShortID] = []
        identifiers.reserveCapacity(leaves.count)
        for leaf in leaves { identifiers.append(ShortID(truncating: try function.hash(leaf))) }
        return identifiers
    }
}
