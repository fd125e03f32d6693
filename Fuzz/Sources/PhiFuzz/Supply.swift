import PhiCrypto
import PhiLedger

/// Takes choices off the front of an input; an input that has ended chooses zero.
struct Supply {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether nothing is left.
    var isEmpty: Bool { offset == bytes.count }

    /// Bytes that are left.
    var count: Int { bytes.count - offset }

    /// The next byte.
    mutating func byte() -> UInt8 {
        guard offset < bytes.count else { return 0 }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// A number below a bound of at most 256.
    mutating func choice(_ bound: Int) -> Int { Int(byte()) % bound }

    /// Whether the next byte is odd.
    mutating func flag() -> Bool { byte() & 1 == 1 }

    /// A number from its little-endian bytes.
    mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(
        as type: Value.Type = Value.self
    ) -> Value {
        (0..<Value.bitWidth / 8).reduce(0) { $0 | Value(truncatingIfNeeded: byte()) << (8 * $1) }
    }

    /// So many bytes, or as many as are left.
    mutating func take(_ wanted: Int) -> [UInt8] {
        let end = min(bytes.count, offset + wanted)
        defer { offset = end }
        return Array(bytes[offset..<end])
    }

    /// Exactly so many bytes, zeros after the last.
    mutating func exactly(_ wanted: Int) -> [UInt8] {
        let found = take(wanted)
        return found + [UInt8](repeating: 0, count: wanted - found.count)
    }

    /// Thirty-two bytes as a hash.
    mutating func digest() -> Digest { Digest(reading: exactly(32), at: 0) }

    /// All that is left.
    mutating func rest() -> [UInt8] { take(count) }
}
