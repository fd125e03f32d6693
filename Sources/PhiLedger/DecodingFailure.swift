/// Why bytes are not the encoding of a value.
///
/// Every value has one encoding, so each of these refuses the whole.
public enum DecodingFailure: Error, Equatable, Sendable {
    /// The bytes end inside a field.
    case truncated(field: String, needed: Int, available: Int)
    /// Bytes are left over after the last field.
    case trailing(count: Int)
    /// A length or count is above its limit.
    case overLimit(field: String, limit: UInt64, found: UInt64)
    /// A length or count is below its limit.
    case underLimit(field: String, limit: UInt64, found: UInt64)
    /// A field has a value that no version of the format knows.
    case unknown(field: String, found: UInt64)
    /// A field must have one value here, and has another.
    case mismatch(field: String, expected: UInt64, found: UInt64)
    /// A field that must be zero here is not.
    case notZero(field: String)
    /// A field that must not be zero here is.
    case zero(field: String)
    /// A value is written in a longer form than its only one.
    case notCanonical(field: String)
    /// A list is not strictly ascending at an index.
    case notAscending(field: String, index: Int)
}

extension DecodingFailure: CustomStringConvertible {
    /// A sentence that names the field, the limit and what was found.
    public var description: String {
        switch self {
        case .truncated(let field, let needed, let available):
            "\(field) needs \(needed) bytes, \(available) are left"
        case .trailing(let count): "\(count) bytes follow the last field"
        case .overLimit(let field, let limit, let found):
            "\(field) is \(found), at most \(limit) is allowed"
        case .underLimit(let field, let limit, let found):
            "\(field) is \(found), at least \(limit) is needed"
        case .unknown(let field, let found): "\(field) has the unknown value \(found)"
        case .mismatch(let field, let expected, let found):
            "\(field) is \(found), expected \(expected)"
        case .notZero(let field): "\(field) must be zero"
        case .zero(let field): "\(field) must not be zero"
        case .notCanonical(let field): "\(field) is not in its only form"
        case .notAscending(let field, let index):
            "\(field) is not strictly ascending at index \(index)"
        }
    }
}
