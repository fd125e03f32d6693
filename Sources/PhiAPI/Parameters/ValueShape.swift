/// What kind of value a parameter or a result is.
public indirect enum ValueShape: Sendable {
    /// `true` or `false`.
    case boolean
    /// A whole number within bounds.
    case integer(ClosedRange<Int64>)
    /// A text of at most that many bytes of UTF-8.
    case text(byteLimit: Int)
    /// One of a few words.
    case choice([String])
    /// 32 bytes that name an entry, a block or a meeting.
    case digest
    /// 32 bytes that are an author's or a peer's key.
    case key
    /// A block by its height or its hash.
    case block
    /// Bytes as base64.
    case base64(byteLimit: Int)
    /// Milliseconds since 1970 in UTC.
    case time
    /// An amount of work as a hexadecimal string.
    case work
    /// A list of values of one shape.
    case list(of: ValueShape, limit: Int)
    /// An object with known members.
    case object([Member])
    /// A schema of ``Schemas`` by its name.
    case named(String)
    /// The shape, or `null`.
    case optional(ValueShape)
    /// Any value at all.
    case anything

    /// One member of an object.
    public struct Member: Sendable {
        /// The member's name.
        public let name: String
        /// The shape of its value.
        public let shape: ValueShape
        /// Whether the member is always there.
        public let isRequired: Bool
        /// One sentence for a reader.
        public let summary: String

        static func always(_ name: String, _ shape: ValueShape, _ summary: String) -> Member {
            Member(name: name, shape: shape, isRequired: true, summary: summary)
        }

        static func sometimes(_ name: String, _ shape: ValueShape, _ summary: String) -> Member {
            Member(name: name, shape: shape, isRequired: false, summary: summary)
        }
    }

    /// Every height that a header can name.
    public static var height: ValueShape { .integer(0...Int64(UInt32.max)) }

    /// A count, an index or a size that fits JSON's exact integers.
    public static var count: ValueShape { .integer(0...(1 << 53)) }
}

extension ValueShape {
    /// The shape as JSON Schema.
    public var schema: JSON {
        switch self {
        case .boolean: ["type": "boolean"]
        case .integer(let range):
            [
                "type": "integer", "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ]
        case .text(let limit): ["type": "string", "maxLength": .integer(Int64(limit))]
        case .choice(let words): ["type": "string", "enum": .array(words.map(JSON.string))]
        case .digest, .key:
            [
                "type": "string",
                "description": "64 lowercase hexadecimal digits; as input also bech32m.",
            ]
        case .block:
            ["oneOf": [ValueShape.height.schema, ValueShape.digest.schema]]
        case .base64(let limit):
            [
                "type": "string", "contentEncoding": "base64",
                "maxLength": .integer(Int64((limit + 2) / 3 * 4)),
            ]
        case .time:
            [
                "type": "integer", "minimum": 0,
                "description": "Milliseconds since 1970-01-01T00:00:00Z.",
            ]
        case .work: ["type": "string", "pattern": "^[0-9a-f]{1,32}$"]
        case .list(let element, let limit):
            [
                "type": "array", "items": element.schema,
                "maxItems": .integer(Int64(limit)),
            ]
        case .object(let members): Self.schema(of: members)
        case .named(let name): ["$ref": .string("#/components/schemas/\(name)")]
        case .optional(let shape): ["oneOf": [shape.schema, ["type": "null"]]]
        case .anything: [:]
        }
    }

    private static func schema(of members: [Member]) -> JSON {
        let properties = members.map { member in
            (member.name, described(member.shape.schema, member.summary))
        }
        let required = members.filter(\.isRequired).map { JSON.string($0.name) }
        var schema: [(String, JSON)] = [("type", "object"), ("properties", .object(properties))]
        if !required.isEmpty { schema.append(("required", .array(required))) }
        return .object(schema)
    }

    private static func described(_ schema: JSON, _ summary: String) -> JSON {
        guard case .object(var members) = schema, schema["$ref"] == nil else { return schema }
        members.removeAll { $0.0 == "description" }
        members.append(("description", .string(summary)))
        return .object(members)
    }
}
