public import PhiCrypto
public import PhiLedger

/// The question “who of this network is here?”, sent to everybody on a local network.
///
/// Only someone who knows the network's genesis recognizes it. On a public network that is anybody,
/// so it keeps other programs and other networks apart and no secret. All integers are big-endian.
public struct LANBeacon: Hashable, Sendable {
    /// Bytes of a beacon.
    public static let byteCount = 56
    /// The UDP port that beacons are sent to; answers go to the port that a beacon came from.
    public static let port: UInt16 = 7182
    /// The IPv4 group that beacons are sent to.
    public static let group4 = PeerAddress(version4: 0xefff_5048, port: port)
    /// The IPv6 group, of the link alone, that beacons are sent to.
    public static let group6 = PeerAddress(address: 0xff02 << 112 | 0x5048, port: port)

    private static let magic: [UInt8] = Array("phi1".utf8)
    private static let zeroCount = 18
    private static let hourMilliseconds: UInt64 = 60 * 60 * 1_000

    /// A number of the sender's choice, by which it knows its own beacon.
    public let nonce: UInt128
    /// What the network, the hour and the nonce make together.
    public let tag: UInt128
    /// The TCP port at which the sender takes connections of peers; 0 where it takes none.
    public let listenPort: UInt16

    /// A beacon of one network, good for about an hour.
    public init(nonce: UInt128, listenPort: UInt16, chain: Digest, now: Timestamp) {
        self.nonce = nonce
        self.listenPort = listenPort
        tag = Self.tag(nonce, chain: chain, hour: now.milliseconds / Self.hourMilliseconds)
    }

    /// Reads a beacon that fills the whole of an array.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        guard bytes.count <= Self.byteCount else {
            throw .overLimit(
                field: "beacon length",
                limit: UInt64(Self.byteCount),
                found: UInt64(bytes.count)
            )
        }
        var reader = ByteReader(bytes)
        guard try reader.take(Self.magic.count, "beacon magic") == Self.magic else {
            throw .notCanonical(field: "beacon magic")
        }
        nonce = try reader.integer("beacon nonce", as: UInt128.self).byteSwapped
        tag = try reader.integer("beacon tag", as: UInt128.self).byteSwapped
        listenPort = try reader.integer("beacon port", as: UInt16.self).byteSwapped
        let zeros = try reader.take(Self.zeroCount, "beacon zeros")
        guard zeros.allSatisfy({ $0 == 0 }) else { throw .notZero(field: "beacon zeros") }
        try reader.finish()
    }

    /// The 56 bytes.
    public var encoded: [UInt8] {
        var bytes = Self.magic
        bytes.append(bigEndian: nonce)
        bytes.append(bigEndian: tag)
        bytes.append(bigEndian: listenPort)
        bytes.append(contentsOf: [UInt8](repeating: 0, count: Self.zeroCount))
        return bytes
    }

    /// Whether the beacon asks for nodes of a network.
    ///
    /// - Parameters:
    ///   - chain: The hash of the network's genesis block.
    ///   - now: The judge's time; its hour and those before and after it count.
    /// - Returns: Whether the tag is one of that network.
    public func asks(for chain: Digest, now: Timestamp) -> Bool {
        let hour = now.milliseconds / Self.hourMilliseconds
        let first = hour == 0 ? 0 : hour - 1
        return (first...hour + 1).contains { Self.tag(nonce, chain: chain, hour: $0) == tag }
    }

    private static func tag(_ nonce: UInt128, chain: Digest, hour: UInt64) -> UInt128 {
        var bytes = chain.bytes
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: hour))
        bytes.append(bigEndian: nonce)
        return SHA256.hash(bytes).bytes.prefix(16).reduce(0) { $0 << 8 | UInt128($1) }
    }
}
