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

    static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        let digits = Self.digits
        let length = (bytes.count + 2) / 3 * 4
        let characters = unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            for position in stride(from: 0, to: bytes.count, by: 3) {
                let left = bytes.count - position
                let first = UInt32(bytes[position])
                let second = left > 1 ? UInt32(bytes[position + 1]) : 0
                let third = left > 2 ? UInt32(bytes[position + 2]) : 0
                let bits = first << 16 | second << 8 | third
                let padding = UInt8(ascii: "=")
                unsafe buffer[count] = digits[Int(bits >> 18)]
                unsafe buffer[count + 1] = digits[Int(bits >> 12 & 63)]
                unsafe buffer[count + 2] = left > 1 ? digits[Int(bits >> 6 & 63)] : padding
                unsafe buffer[count + 3] = left > 2 ? digits[Int(bits & 63)] : padding
                count += 4
            }
        }
        text.append(contentsOf: characters)
    }
}
