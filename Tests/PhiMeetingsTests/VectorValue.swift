import PhiCrypto

/// A value of a file of vectors, written as other languages' libraries write it: two spaces for
/// each level, one member or element a line, and letters beyond ASCII as they are.
indirect enum VectorValue {
    /// Nothing.
    case null
    /// A text.
    case text(String)
    /// A whole number.
    case number(UInt64)
    /// A list.
    case list([VectorValue])
    /// Members in their order.
    case object([(String, VectorValue)])

    /// Bytes as hexadecimal digits.
    static func hex(_ bytes: [UInt8]) -> VectorValue { .text(digits(bytes)) }

    /// The hexadecimal digits of bytes.
    static func digits(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// A hash or key as hexadecimal digits.
    static func hex(_ value: some FixedBytes32) -> VectorValue { hex(value.bytes) }

    /// The whole file.
    var file: String { lines(indent: "") + "\n" }

    private func lines(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .null: return "null"
        case .text(let text): return Self.quoted(text)
        case .number(let number): return "\(number)"
        case .list(let elements):
            guard !elements.isEmpty else { return "[]" }
            let parts = elements.map { inner + $0.lines(indent: inner) }
            return "[\n" + parts.joined(separator: ",\n") + "\n" + indent + "]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let parts = members.map { name, value in
                inner + Self.quoted(name) + ": " + value.lines(indent: inner)
            }
            return "{\n" + parts.joined(separator: ",\n") + "\n" + indent + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
