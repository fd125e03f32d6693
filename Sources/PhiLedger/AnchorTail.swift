public import PhiCrypto

/// The last 16 bytes of a block's hash, which proof of work leaves unbiased.
public struct AnchorTail: Hashable, Sendable, BitwiseCopyable {
    /// Bytes of the tail.
    public static let byteCount = 16

    private let high: UInt64
    private let low: UInt64

    /// The tail of a block's hash.
    public init(of hash: Digest) {
        self.init(reading: hash.bytes, at: 16)
    }

    /// The tail at an offset that lies inside an array.
    public init(reading bytes: [UInt8], at offset: Int) {
        high = bytes.littleEndianInteger(at: offset)
        low = bytes.littleEndianInteger(at: offset + 8)
    }

    /// Appends the 16 bytes.
    public func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: high)
        bytes.append(littleEndian: low)
    }
}
