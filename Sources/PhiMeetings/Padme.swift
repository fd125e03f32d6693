/// Lengths that tell little about what they hide: at most 12 % more, and few different ones.
///
/// The padding follows "Reducing Metadata Leakage from Encrypted Files and Communication with
/// PURBs" (Nikitin and others): the lower bits of a length are rounded away, and the fewer remain
/// the greater the length is.
public enum Padme {
    private static let mark: UInt8 = 0x80

    /// The least padded length that holds so many bytes.
    public static func length(for count: Int) -> Int {
        precondition(count >= 0 && count <= 1 << 40, "a length is that of bytes in memory")
        guard count > 1 else { return count }
        let exponent = binaryLogarithm(count)
        let kept = binaryLogarithm(exponent) + 1
        let mask = 1 << max(0, exponent - kept) - 1
        return (count + mask) & ~mask
    }

    /// The content, a mark, and zeros up to the padded length.
    public static func padded(_ content: [UInt8]) -> [UInt8] {
        var bytes = content
        bytes.append(mark)
        let missing = length(for: bytes.count) - bytes.count
        bytes.append(contentsOf: [UInt8](repeating: 0, count: missing))
        return bytes
    }

    /// The content of padded bytes, or nil when they are not what `padded` makes.
    public static func unpadded(_ bytes: [UInt8]) -> [UInt8]? {
        guard let end = bytes.lastIndex(where: { $0 != 0 }), bytes[end] == mark,
            length(for: end + 1) == bytes.count
        else { return nil }
        return Array(bytes[..<end])
    }

    private static func binaryLogarithm(_ value: Int) -> Int {
        Int.bitWidth - 1 - value.leadingZeroBitCount
    }
}
