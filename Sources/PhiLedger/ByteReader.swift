public import PhiCrypto

/// Takes fields off the front of a byte string, little-endian, and never past its end.
public struct ByteReader: Sendable {
    private let bytes: [UInt8]
    private let end: Int
    /// How many bytes were taken, counted from the start of the array.
    public private(set) var offset: Int

    /// A reader over a whole array.
    public init(_ bytes: [UInt8]) {
        self.init(bytes, in: 0..<bytes.count)
    }

    /// A reader over a part of an array.
    public init(_ bytes: [UInt8], in range: Range<Int>) {
        precondition(range.upperBound <= bytes.count, "a reader stays inside its array")
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    /// How many bytes are left.
    public var remaining: Int { end - offset }

    /// Takes an unsigned integer of fixed width.
    public mutating func integer<Value: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ field: String,
        as type: Value.Type = Value.self
    ) throws(DecodingFailure) -> Value {
        let width = MemoryLayout<Value>.size
        try need(width, field)
        defer { offset += width }
        return bytes.littleEndianInteger(at: offset)
    }

    /// Takes an integer of fixed width that has a limit.
    public mutating func integer<Value: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ field: String,
        atMost limit: Value
    ) throws(DecodingFailure) -> Value {
        let value = try integer(field, as: Value.self)
        guard value <= limit else {
            throw .overLimit(field: field, limit: UInt64(limit), found: UInt64(value))
        }
        return value
    }

    /// Takes a minimal LEB128 integer that has a limit.
    public mutating func varint(
        _ field: String,
        atMost limit: UInt64 = .max
    ) throws(DecodingFailure) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try integer(field, as: UInt8.self)
            let part = UInt64(byte & 0x7f)
            guard shift < 63 || part <= 1 else { throw .notCanonical(field: field) }
            value |= part << shift
            if byte & 0x80 == 0 {
                guard byte != 0 || shift == 0 else { throw .notCanonical(field: field) }
                guard value <= limit else {
                    throw .overLimit(field: field, limit: limit, found: value)
                }
                return value
            }
            shift += 7
            guard shift <= 63 else { throw .notCanonical(field: field) }
        }
    }

    /// Takes a value of 32 bytes.
    public mutating func fixed<Value: FixedBytes32>(
        _ field: String,
        as type: Value.Type = Value.self
    ) throws(DecodingFailure) -> Value {
        try need(32, field)
        defer { offset += 32 }
        return Value(reading: bytes, at: offset)
    }

    /// Takes a signature of 64 bytes.
    public mutating func signature(_ field: String) throws(DecodingFailure) -> Signature {
        try need(64, field)
        defer { offset += 64 }
        return Signature(reading: bytes, at: offset)
    }

    /// Takes a stretch of bytes whose count was checked by the caller.
    public mutating func take(_ count: Int, _ field: String) throws(DecodingFailure) -> [UInt8] {
        try need(count, field)
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    /// Refuses bytes that nothing asked for.
    public func finish() throws(DecodingFailure) {
        guard remaining == 0 else { throw .trailing(count: remaining) }
    }

    private func need(_ count: Int, _ field: String) throws(DecodingFailure) {
        guard count >= 0, count <= remaining else {
            throw .truncated(field: field, needed: count, available: remaining)
        }
    }
}

extension [UInt8] {
    /// The little-endian integer at an offset that lies inside the array.
    package func littleEndianInteger<Value: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int,
        as type: Value.Type = Value.self
    ) -> Value {
        precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= count, "inside the array")
        return unsafe withUnsafeBytes { buffer in
            Value(littleEndian: unsafe buffer.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
    }
}
