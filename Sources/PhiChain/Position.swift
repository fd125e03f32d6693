import PhiCrypto
public import PhiLedger

/// Where an entry stands in the chain: its block's height and its index in the body.
public struct Position: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// Bytes of the encoding.
    public static let byteCount = 6

    /// The height of the block.
    public let height: Height
    /// The index in the body.
    public let index: UInt16

    /// A position of given parts.
    public init(height: Height, index: UInt16) {
        self.height = height
        self.index = index
    }

    /// Reads the six bytes at an offset that lies inside an array.
    public init(reading bytes: [UInt8], at offset: Int) {
        height = Height(
            UInt32(bigEndian: bytes.littleEndianInteger(at: offset, as: UInt32.self).littleEndian)
        )
        index = UInt16(
            bigEndian: bytes.littleEndianInteger(at: offset + 4, as: UInt16.self).littleEndian
        )
    }

    /// Appends height and index, big-endian.
    public func append(to bytes: inout [UInt8]) {
        bytes.append(bigEndian: height.rawValue)
        bytes.append(bigEndian: index)
    }

    /// Orders as the chain does.
    public static func < (left: Position, right: Position) -> Bool {
        left.height == right.height ? left.index < right.index : left.height < right.height
    }
}
