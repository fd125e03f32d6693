public import PhiCrypto

/// One signed record: the 284 bytes of its envelope and then its payload.
///
/// The bytes are the value: there is exactly one encoding, so nothing is parsed twice or
/// written again. What is checked here is the shape alone; `ValidEntry` says more.
public struct Entry: Hashable, Sendable {
    /// Bytes of the envelope, which is what the trees of a block commit to.
    public static let envelopeByteCount = 284
    /// Bytes at the front of the envelope that the id covers.
    public static let identifiedByteCount = 204
    /// Bytes of the salt at the front of every payload.
    public static let saltByteCount = 16
    /// The only version of the envelope.
    public static let version: UInt16 = 1

    /// Envelope and payload.
    public let bytes: [UInt8]

    /// Reads an entry that fills the whole of an array.
    ///
    /// - Parameters:
    ///   - bytes: Envelope and payload, and nothing after.
    ///   - payloadLimit: The greatest payload that the network allows, in bytes.
    /// - Throws: The first thing in which the bytes are no entry.
    public init(decoding bytes: [UInt8], payloadLimit: UInt32) throws(DecodingFailure) {
        let count = try Self.byteCount(of: bytes, at: 0, payloadLimit: payloadLimit)
        guard bytes.count >= count else {
            throw .truncated(
                field: "payload",
                needed: count - Self.envelopeByteCount,
                available: bytes.count - Self.envelopeByteCount
            )
        }
        guard bytes.count == count else { throw .trailing(count: bytes.count - count) }
        self.bytes = bytes
    }

    /// Takes an entry off a reader.
    public init(from reader: inout ByteReader, payloadLimit: UInt32) throws(DecodingFailure) {
        var ahead = reader
        let envelope = try ahead.take(Self.envelopeByteCount, "envelope")
        let count = try Self.byteCount(of: envelope, at: 0, payloadLimit: payloadLimit)
        bytes = try reader.take(count, "payload")
    }

    /// The bytes of a draft with its signature and stamp; its shape is right by construction.
    init(assembled bytes: [UInt8]) {
        self.bytes = bytes
    }

    private static func byteCount(
        of bytes: [UInt8],
        at offset: Int,
        payloadLimit: UInt32
    ) throws(DecodingFailure) -> Int {
        guard bytes.count >= envelopeByteCount else {
            throw .truncated(
                field: "envelope",
                needed: envelopeByteCount,
                available: bytes.count
            )
        }
        let version = bytes.littleEndianInteger(at: offset, as: UInt16.self)
        guard version == Self.version else {
            throw .unknown(field: "entry version", found: UInt64(version))
        }
        let kind = bytes.littleEndianInteger(at: offset + 2, as: UInt16.self)
        guard EntryKind(rawValue: kind) != nil else {
            throw .unknown(field: "entry kind", found: UInt64(kind))
        }
        let length = bytes.littleEndianInteger(at: offset + 4, as: UInt32.self)
        guard length <= payloadLimit else {
            throw .overLimit(
                field: "payload_len",
                limit: UInt64(payloadLimit),
                found: UInt64(length)
            )
        }
        guard length >= UInt32(saltByteCount) else {
            throw .underLimit(
                field: "payload_len",
                limit: UInt64(saltByteCount),
                found: UInt64(length)
            )
        }
        return envelopeByteCount + Int(length)
    }
}

extension Entry {
    /// What the entry is.
    public var kind: EntryKind {
        guard let kind = EntryKind(rawValue: bytes.littleEndianInteger(at: 2)) else {
            preconditionFailure("the kind was checked when the entry was read")
        }
        return kind
    }

    /// Bytes of the payload, its salt included.
    public var payloadByteCount: UInt32 { bytes.littleEndianInteger(at: 4) }

    /// The hash of the genesis block of the entry's network.
    public var chain: Digest { Digest(reading: bytes, at: 8) }

    /// The id of the meeting's `open`; zero in an `open` itself.
    public var meeting: Digest { Digest(reading: bytes, at: 40) }

    /// The key that signed.
    public var author: VerifyingKey { VerifyingKey(reading: bytes, at: 72) }

    /// The number of the entry among its author's in the meeting, from 0.
    public var sequence: UInt64 { bytes.littleEndianInteger(at: 104) }

    /// The id of the author's entry before this one in the meeting; zero for the first.
    public var previous: Digest { Digest(reading: bytes, at: 112) }

    /// The height of a block that the author had seen.
    public var anchorHeight: Height { Height(bytes.littleEndianInteger(at: 144)) }

    /// The end of the hash of the block that the author had seen.
    public var anchorTail: AnchorTail { AnchorTail(reading: bytes, at: 148) }

    /// The author's clock; nothing depends on it.
    public var authorTime: Timestamp {
        Timestamp(milliseconds: bytes.littleEndianInteger(at: 164))
    }

    /// The salted hash of the payload.
    public var payloadHash: Digest { Digest(reading: bytes, at: 172) }

    /// The author's signature over the id.
    public var signature: Signature { Signature(reading: bytes, at: 204) }

    /// The work that the stamp declares.
    public var stampWork: UInt64 { bytes.littleEndianInteger(at: 268) }

    /// The nonce that shows the stamp's work.
    public var stampNonce: UInt64 { bytes.littleEndianInteger(at: 276) }

    /// The envelope alone.
    public var envelope: [UInt8] { Array(bytes[..<Self.envelopeByteCount]) }

    /// The payload with its salt.
    public var payload: [UInt8] { Array(bytes[Self.envelopeByteCount...]) }

    /// The name of the entry: a hash of all that its author chose, without signature and stamp.
    public var id: Digest {
        SHA256.hash(
            bytes,
            in: 0..<Self.identifiedByteCount,
            prefixedBy: Domain.entryID
        )
    }

    /// The leaf of the entry in the trees of its block and meeting; it covers signature and stamp.
    public var leaf: Digest { MerkleTree.leaf(bytes, in: 0..<Self.envelopeByteCount) }

    /// The hash that the payload has, which the envelope must name.
    public var computedPayloadHash: Digest {
        SHA256.hash(
            bytes,
            in: Self.envelopeByteCount..<bytes.count,
            prefixedBy: Domain.payload
        )
    }
}
