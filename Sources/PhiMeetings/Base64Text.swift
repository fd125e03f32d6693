/// Bytes as text of four characters for three bytes, each value with exactly one text.
struct Base64Text {
    /// The alphabet of RFC 4648 section 4, with padding: receipts.
    static let padded = Base64Text(extra: "+/", pads: true)
    /// The alphabet of RFC 4648 section 5, without padding: links.
    static let url = Base64Text(extra: "-_", pads: false)

    private static let pad = UInt8(ascii: "=")
    private static let none: UInt8 = 255

    private let digits: [UInt8]
    private let values: [UInt8]
    private let pads: Bool

    private init(extra: String, pads: Bool) {
        let common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        digits = Array((common + extra).utf8)
        var values = [UInt8](repeating: Self.none, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.values = values
        self.pads = pads
    }

    func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(8 * (3 - group.count))
            for place in 0...group.count {
                text.append(digits[Int(bits >> UInt32(18 - 6 * place) & 63)])
            }
            guard pads else { continue }
            text.append(contentsOf: [UInt8](repeating: Self.pad, count: 3 - group.count))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text, or nil when it is not the one text of some bytes.
    func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let content = pads ? contentOfPadded(Array(text)) : Array(text)
        guard let content, content.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for character in content {
            let value = values[Int(character)]
            guard value != Self.none else { return nil }
            bits = (bits << 6 | UInt32(value)) & 0xffff
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        return bits & (1 << count - 1) == 0 ? bytes : nil
    }

    private func contentOfPadded(_ text: [UInt8]) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        var end = text.count
        while end > text.count - 2, end > 0, text[end - 1] == Self.pad { end -= 1 }
        return Array(text[..<end])
    }
}
