extension [UInt8] {
    /// Appends an integer of fixed width, little-endian.
    public mutating func append(littleEndian value: some FixedWidthInteger) {
        var value = value.littleEndian
        unsafe Swift.withUnsafeBytes(of: &value) { unsafe append(contentsOf: $0) }
    }

    /// Appends an integer of fixed width, big-endian, so that byte order is number order.
    public mutating func append(bigEndian value: some FixedWidthInteger) {
        var value = value.bigEndian
        unsafe Swift.withUnsafeBytes(of: &value) { unsafe append(contentsOf: $0) }
    }

    /// Appends an integer as minimal LEB128.
    public mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
