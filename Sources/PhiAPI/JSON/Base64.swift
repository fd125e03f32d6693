/// Bytes as base64 of RFC 4648 section 4, padded, with exactly one text for each array of bytes.
public enum Base64 {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// Digit values by character, 255 where the character is no digit.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// The most bytes that a text of so many characters can stand for.
    public static func byteCountLimit(forTextOf count: Int) -> Int { count / 4 * 3 }

    /// Writes bytes with padding.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads a padded text, or answers nil when it is not the one text of some bytes.
    public static func decode(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 4) else { return nil }
        let padding = characters.suffix(2).count { $0 == UInt8(ascii: "=") }
        let content = characters.dropLast(padding)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.count * 3 / 4)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for character in content {
            let value = values[Int(character)]
            guard value != 255 else { return nil }
            bits = (bits << 6 | UInt32(value)) & 0xFFFF
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        guard bits & ((1 << bitCount) - 1) == 0 else { return nil }
        return bytes
    }

    static func append(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { storage in
            unsafe append(UnsafeRawBufferPointer(storage), to: &text)
        }
        if isDone == nil { append(Array(bytes), to: &text) }
    }

    static func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        let length = (bytes.count + 2) / 3 * 4
        let whole = bytes.count / 3
        unsafe withUnsafeTemporaryAllocation(byteCount: length, alignment: 2) { room in
            unsafe pairs.withUnsafeBufferPointer { pairs in
                for group in 0..<whole {
                    let bits =
                        unsafe Int(bytes[3 * group]) << 16 | Int(bytes[3 * group + 1]) << 8
                        | Int(bytes[3 * group + 2])
                    let (first, second) = unsafe (pairs[bits >> 12], pairs[bits & 4_095])
                    unsafe room.storeBytes(of: first, toByteOffset: 4 * group, as: UInt16.self)
                    unsafe room.storeBytes(
                        of: second,
                        toByteOffset: 4 * group + 2,
                        as: UInt16.self
                    )
                }
            }
            unsafe text.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<(4 * whole)]))
        }
        let padding = UInt8(ascii: "=")
        switch bytes.count - 3 * whole {
        case 1:
            let last = unsafe Int(bytes[3 * whole])
            text += [digits[last >> 2], digits[last << 4 & 63], padding, padding]
        case 2:
            let last = unsafe Int(bytes[3 * whole]) << 8 | Int(bytes[3 * whole + 1])
            text += [digits[last >> 10], digits[last >> 4 & 63], digits[last << 2 & 63], padding]
        default: break
        }
    }

    /// Two digits for each 12 bits, as they lie in memory.
    private static let pairs: [UInt16] = (0..<4_096).map { bits in
        UInt16(littleEndian: UInt16(digits[bits >> 6]) | UInt16(digits[bits & 63]) << 8)
    }
}
