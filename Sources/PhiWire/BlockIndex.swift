import PhiLedger

/// Places of entries in a block, each written as its distance from the place after the one before.
///
/// So a list rises strictly in its only form, and a small step takes one byte.
enum BlockIndex {
    /// Takes the next place off a reader.
    static func read(
        from reader: inout ByteReader,
        after previous: UInt16?,
        below count: UInt32
    ) throws(DecodingFailure) -> UInt16 {
        let start = previous.map { UInt64($0) + 1 } ?? 0
        guard start < UInt64(count) else {
            throw .overLimit(field: "entry index", limit: UInt64(count) - 1, found: start)
        }
        let step = try reader.varint("entry index", atMost: UInt64(count) - 1 - start)
        return UInt16(start + step)
    }

    /// Appends a place.
    static func append(_ index: UInt16, to bytes: inout [UInt8], after previous: UInt16?) {
        let start = previous.map { UInt64($0) + 1 } ?? 0
        bytes.append(varint: UInt64(index) - start)
    }
}
