/// What a reader of JSON accepts at most.
public struct JSONLimits: Equatable, Sendable {
    /// Bytes of the whole text.
    public var byteCount: Int
    /// Arrays and objects that may stand in one another.
    public var depth: Int

    /// Names the two limits; by default one mebibyte and 32 levels.
    public init(byteCount: Int = 1 << 20, depth: Int = 32) {
        self.byteCount = byteCount
        self.depth = depth
    }
}

extension JSON {
    /// Reads one JSON text, strictly as RFC 8259 writes it.
    ///
    /// Names given twice, invalid UTF-8, lone surrogates, a byte order mark and anything after the
    /// value are refused; the limits hold before anything is kept.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONFailure) {
        guard bytes.count <= limits.byteCount else {
            throw .tooLong(count: bytes.count, limit: limits.byteCount)
        }
        var parser = JSONParser(bytes: bytes, depthLimit: limits.depth)
        self = try parser.document()
    }
}

/// A recursive descent over the bytes of one text.
struct JSONParser {
    let bytes: [UInt8]
    let depthLimit: Int
    var position = 0
    private var depth = 0

    init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func document() throws(JSONFailure) -> JSON {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw .trailingBytes(position: position) }
        return value
    }

    private mutating func value() throws(JSONFailure) -> JSON {
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case let byte: throw .unexpectedByte(byte, position: position)
        }
    }

    private mutating func object() throws(JSONFailure) -> JSON {
        try descend()
        defer { depth -= 1 }
        var members: [(String, JSON)] = []
        var names: Set<String> = []
        if try closes(with: UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            let start = position
            guard try peek() == UInt8(ascii: "\"") else {
                throw .unexpectedByte(bytes[position], position: position)
            }
            let name = try string()
            guard isNew(name, among: members, &names) else {
                throw .duplicateName(name, position: start)
            }
            skipSpace()
            try expect(UInt8(ascii: ":"))
            members.append((name, try value()))
            if try endsList(with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    /// Small objects are searched in line, so that the common request makes no set.
    private func isNew(
        _ name: String,
        among members: [(String, JSON)],
        _ names: inout Set<String>
    ) -> Bool {
        let few = 16
        guard members.count >= few else { return !members.contains { $0.0 == name } }
        if members.count == few { names = Set(members.map(\.0)) }
        return names.insert(name).inserted
    }

    private mutating func array() throws(JSONFailure) -> JSON {
        try descend()
        defer { depth -= 1 }
        var elements: [JSON] = []
        if try closes(with: UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            if try endsList(with: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func descend() throws(JSONFailure) {
        depth += 1
        guard depth <= depthLimit else { throw .tooDeep(position: position, limit: depthLimit) }
        position += 1
    }

    private mutating func closes(with end: UInt8) throws(JSONFailure) -> Bool {
        skipSpace()
        guard try peek() == end else { return false }
        position += 1
        return true
    }

    private mutating func endsList(with end: UInt8) throws(JSONFailure) -> Bool {
        if try closes(with: end) { return true }
        try expect(UInt8(ascii: ","))
        return false
    }

    private mutating func word(_ text: StaticString, _ value: JSON) throws(JSONFailure) -> JSON {
        for byte in text.description.utf8 { try expect(byte) }
        return value
    }

    mutating func expect(_ byte: UInt8) throws(JSONFailure) {
        let found = try peek()
        guard found == byte else { throw .unexpectedByte(found, position: position) }
        position += 1
    }

    func peek() throws(JSONFailure) -> UInt8 {
        guard position < bytes.count else { throw .endsEarly(position: position) }
        return bytes[position]
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }
}
