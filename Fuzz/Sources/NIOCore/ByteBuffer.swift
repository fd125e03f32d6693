/// Bytes that are read from the front, as far as cutting frames needs them.
public struct ByteBuffer: Sendable {
    /// The order of the bytes of a number.
    public enum Endianness: Sendable {
        /// The most significant byte comes first.
        case big
        /// The least significant byte comes first.
        case little
    }

    private var bytes: [UInt8]
    /// The place of the next byte to read.
    public private(set) var readerIndex = 0

    /// A buffer with these bytes to read.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Bytes that are left.
    public var readableBytes: Int { bytes.count - readerIndex }

    /// Adds bytes at the end.
    public mutating func writeBytes(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// The number at a place, or nil where it is not whole.
    public func getInteger<Value: FixedWidthInteger>(
        at index: Int,
        endianness: Endianness = .big,
        as type: Value.Type = Value.self
    ) -> Value? {
        let width = Value.bitWidth / 8
        guard index >= readerIndex, bytes.count - index >= width else { return nil }
        let digits = bytes[index..<index + width]
        let ordered = endianness == .big ? Array(digits) : digits.reversed()
        return ordered.reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }

    /// Takes a number off the front, or nil where it is not whole.
    public mutating func readInteger<Value: FixedWidthInteger>(
        endianness: Endianness = .big,
        as type: Value.Type = Value.self
    ) -> Value? {
        let value = getInteger(at: readerIndex, endianness: endianness, as: type)
        if value != nil { readerIndex += Value.bitWidth / 8 }
        return value
    }

    /// Takes so many bytes off the front, or nil where there are fewer.
    public mutating func readBytes(length: Int) -> [UInt8]? {
        guard length >= 0, readableBytes >= length else { return nil }
        defer { readerIndex += length }
        return Array(bytes[readerIndex..<readerIndex + length])
    }

    /// Passes over bytes that are there.
    public mutating func moveReaderIndex(forwardBy count: Int) {
        precondition(count >= 0 && count <= readableBytes, "only what is there is passed over")
        readerIndex += count
    }
}

/// Cuts values out of a stream of bytes, one in each call.
public protocol NIOSingleStepByteToMessageDecoder {
    /// What is cut out.
    associatedtype InboundOut

    /// Takes the next value off the buffer, or nothing while it is not whole.
    mutating func decode(buffer: inout ByteBuffer) throws -> InboundOut?

    /// Takes the next value when no more bytes will come.
    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> InboundOut?
}
