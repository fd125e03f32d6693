public import PhiLedger

/// Where a node can be dialed: an IP address and a port, in 19 bytes.
///
/// The encoding is big-endian: kind (4 or 6), 16 bytes of address, port. A v4 address is held as
/// `::ffff:a.b.c.d` and has the kind 4 and no other, so an address has one encoding.
public struct PeerAddress: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// Bytes of the encoding.
    public static let byteCount = 19

    private static let version4Prefix: UInt128 = 0xffff_0000_0000
    private static let version4Kind: UInt8 = 4
    private static let version6Kind: UInt8 = 6

    /// The sixteen bytes of the address as one number.
    public let address: UInt128
    /// The port.
    public let port: UInt16

    /// An address from its sixteen bytes as one number; v4 addresses are mapped ones.
    public init(address: UInt128, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// A v4 address from its four bytes as one number.
    public init(version4 address: UInt32, port: UInt16) {
        self.init(address: Self.version4Prefix | UInt128(address), port: port)
    }

    /// The four bytes of a v4 address as one number; nil for a v6 address.
    public var version4: UInt32? {
        address >> 32 == Self.version4Prefix >> 32 ? UInt32(truncatingIfNeeded: address) : nil
    }

    /// Takes an address off a reader.
    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        let kind = try reader.integer("address kind", as: UInt8.self)
        guard kind == Self.version4Kind || kind == Self.version6Kind else {
            throw .unknown(field: "address kind", found: UInt64(kind))
        }
        let address = try reader.integer("address", as: UInt128.self).byteSwapped
        let port = try reader.integer("port", as: UInt16.self).byteSwapped
        self.init(address: address, port: port)
        guard (kind == Self.version4Kind) == (version4 != nil) else {
            throw .notCanonical(field: "address kind")
        }
    }

    /// Appends the 19 bytes.
    public func append(to bytes: inout [UInt8]) {
        bytes.append(version4 == nil ? Self.version6Kind : Self.version4Kind)
        bytes.append(bigEndian: address)
        bytes.append(bigEndian: port)
    }

    /// Orders addresses by their bytes, then by port.
    public static func < (left: PeerAddress, right: PeerAddress) -> Bool {
        (left.address, left.port) < (right.address, right.port)
    }
}
