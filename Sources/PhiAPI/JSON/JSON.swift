/// One JSON value, as a tree.
///
/// Objects keep the order in which their members were written. The protocol has no fractions, so
/// a number that is not a 64-bit integer is kept as the text that was read and refused where an
/// integer is asked for.
public indirect enum JSON: Sendable {
    /// The value `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number that fits 64 bits with sign.
    case integer(Int64)
    /// Any other number, as it was written.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case array([JSON])
    /// Members by name, in written order, no name twice.
    case object([(String, JSON)])
}

extension JSON: Equatable {
    /// Tells whether two values are the same, the order of members included.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.string(let one), .string(let other)): one.utf8.elementsEqual(other.utf8)
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)):
            one.count == other.count
                && zip(one, other).allSatisfy { first, second in
                    first.0.utf8.elementsEqual(second.0.utf8) && first.1 == second.1
                }
        default: false
        }
    }
}

extension JSON {
    /// The member of that name, or nil when this is no object or has no such member.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }

    /// The element at that position, or nil when this is no array or ends before it.
    public subscript(position: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(position) else {
            return nil
        }
        return elements[position]
    }

    /// The text, or nil when this is none.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The whole number, or nil when this is none.
    public var integer: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    /// The truth value, or nil when this is none.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements, or nil when this is no array.
    public var array: [JSON]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members, or nil when this is no object.
    public var object: [(String, JSON)]? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// Tells whether this is `null`.
    public var isNull: Bool { self == .null }

    /// What kind of value this is, as a person would say it.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number that is not a 64-bit integer"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }

    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }

    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A list.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    /// An object with its members in order.
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }
}
