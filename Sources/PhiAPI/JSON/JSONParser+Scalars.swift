/// The most characters that a number may have; no number of the protocol comes near it.
private let numberLengthLimit = 64

extension JSONParser {
    mutating func number() throws(JSONFailure) -> JSON {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let first = position
        let digits = skipDigits()
        guard digits > 0, digits == 1 || bytes[first] != UInt8(ascii: "0") else {
            throw .invalidNumber(position: start)
        }
        var isWhole = true
        if current == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            guard skipDigits() > 0 else { throw .invalidNumber(position: start) }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isWhole = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw .invalidNumber(position: start) }
        }
        guard position - start <= numberLengthLimit else { throw .invalidNumber(position: start) }
        if isWhole, let value = integer(in: first..<position, isNegative: first > start) {
            return .integer(value)
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = current, byte &- UInt8(ascii: "0") <= 9 { position += 1 }
        return position - start
    }

    private func integer(in range: Range<Int>, isNegative: Bool) -> Int64? {
        var value: Int64 = 0
        for byte in bytes[range] {
            let digit = Int64(byte &- UInt8(ascii: "0"))
            let (shifted, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) =
                isNegative
                ? shifted.subtractingReportingOverflow(digit)
                : shifted.addingReportingOverflow(digit)
            guard !overflowed, !carried else { return nil }
            value = sum
        }
        return value
    }

    mutating func string() throws(JSONFailure) -> String {
        let start = position
        position += 1
        let content = position
        while true {
            let byte = try peek()
            if byte == UInt8(ascii: "\"") {
                let text = String(validating: bytes[content..<position], as: UTF8.self)
                guard let text else { throw .invalidUTF8(position: start) }
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: content, start: start) }
            guard byte >= 0x20 else { throw .controlCharacter(byte, position: position) }
            position += 1
        }
    }

    /// Reads the rest of a string once the first backslash has been met.
    private mutating func escapedString(
        from content: Int,
        start: Int
    ) throws(JSONFailure) -> String {
        var text = Array(bytes[content..<position])
        while true {
            let byte = try peek()
            guard byte >= 0x20 else { throw .controlCharacter(byte, position: position) }
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw .invalidUTF8(position: start)
                }
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            default:
                text.append(byte)
                position += 1
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFailure) {
        let start = position
        position += 1
        let byte = try peek()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            text.append(contentsOf: Character(try unicodeScalar(escapedAt: start)).utf8)
        default: throw .invalidEscape(position: start)
        }
    }

    private mutating func unicodeScalar(
        escapedAt start: Int
    ) throws(JSONFailure) -> Unicode.Scalar {
        let first = try hexadecimalQuad(escapedAt: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, current == UInt8(ascii: "\\") else {
            throw .loneSurrogate(position: start)
        }
        position += 1
        guard current == UInt8(ascii: "u") else { throw .loneSurrogate(position: start) }
        position += 1
        let second = try hexadecimalQuad(escapedAt: position - 2)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw .loneSurrogate(position: start) }
        return scalar
    }

    private mutating func hexadecimalQuad(escapedAt start: Int) throws(JSONFailure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hexadecimal.value(of: try peek()) else {
                throw .invalidEscape(position: start)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
