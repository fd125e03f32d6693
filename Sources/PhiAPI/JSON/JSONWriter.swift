import PhiCrypto

/// Writes JSON straight into one array of bytes.
///
/// The caller keeps the grammar: every value of an object follows its ``name(_:)``. Commas are put
/// by the writer.
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    private let isPretty: Bool
    private var depth = 0
    private var needsComma = false
    private var followsName = false

    /// Makes an empty writer.
    /// - Parameters:
    ///   - pretty: Whether lines are broken and indented by two spaces.
    ///   - capacity: Bytes to reserve at once.
    public init(pretty: Bool = false, capacity: Int = 256) {
        isPretty = pretty
        bytes.reserveCapacity(capacity)
    }

    /// The written text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Opens an object.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }

    /// Closes the object opened last.
    public mutating func endObject() { close(UInt8(ascii: "}")) }

    /// Opens an array.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }

    /// Closes the array opened last.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes the name of the member whose value comes next.
    public mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(UInt8(ascii: " ")) }
        followsName = true
    }

    /// Writes `null`.
    public mutating func null() { raw(Array("null".utf8)) }

    /// Writes a truth value.
    public mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    /// Writes a whole number.
    public mutating func integer(_ value: some FixedWidthInteger) {
        separate()
        var digits = value.magnitude
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        unsafe withUnsafeTemporaryAllocation(byteCount: Self.digitLimit, alignment: 1) { room in
            var start = room.count
            repeat {
                start -= 1
                unsafe room[start] = UInt8(truncatingIfNeeded: digits % 10) + UInt8(ascii: "0")
                digits /= 10
            } while digits > 0
            unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[start...]))
        }
        needsComma = true
    }

    /// Decimal digits of the greatest number of 128 bits.
    private static let digitLimit = 39

    /// Writes a text.
    public mutating func string(_ value: String) {
        separate()
        quote(value)
        needsComma = true
    }

    /// Writes bytes as a string of lowercase hexadecimal digits.
    public mutating func hexadecimal(_ value: some Collection<UInt8>) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        Hexadecimal.append(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    mutating func hexadecimal(_ value: some FixedBytes32) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        unsafe withUnsafeBytes(of: value.words) { unsafe Hexadecimal.append($0, to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Writes bytes as a base64 string.
    public mutating func base64(_ value: some Collection<UInt8>) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        Base64.append(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Writes a value that is JSON already.
    public mutating func raw(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// Writes a whole tree.
    public mutating func value(_ json: JSON) {
        switch json {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .number(let text): raw(text.utf8)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for (name, member) in members {
                self.name(name)
                value(member)
            }
            endObject()
        }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        depth -= 1
        if isPretty, needsComma { breakLine() }
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if followsName {
            followsName = false
            needsComma = false
            return
        }
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        if isPretty, depth > 0 { breakLine() }
        needsComma = false
    }

    private mutating func breakLine() {
        bytes.append(0x0A)
        for _ in 0..<depth * 2 { bytes.append(0x20) }
    }

    private mutating func quote(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { characters in
            if unsafe Self.isPlain(characters) {
                unsafe bytes.append(contentsOf: characters)
            } else {
                for index in 0..<characters.count { escape(unsafe characters[index]) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a text needs no escape; looks at all of it, many characters at a time.
    private static func isPlain(_ characters: UnsafeBufferPointer<UInt8>) -> Bool {
        var found: UInt8 = 0
        for index in 0..<characters.count {
            let byte = unsafe characters[index]
            found |= byte < 0x20 ? 1 : 0
            found |= byte == UInt8(ascii: "\"") ? 1 : 0
            found |= byte == UInt8(ascii: "\\") ? 1 : 0
        }
        return found == 0
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x20...: bytes.append(byte)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        default:
            bytes.append(contentsOf: "\\u00".utf8)
            Hexadecimal.append([byte], to: &bytes)
        }
    }
}

extension JSON {
    /// The value as UTF-8 text, on one line or with lines broken and indented.
    public func serialized(pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.value(self)
        return writer.bytes
    }
}
