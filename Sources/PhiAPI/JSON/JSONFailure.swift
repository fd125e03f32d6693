/// Why bytes are not a JSON text that Phi reads, and at which byte.
public enum JSONFailure: Error, Equatable, Sendable {
    /// The text is longer than the reader allows.
    case tooLong(count: Int, limit: Int)
    /// Arrays and objects stand in one another deeper than the reader allows.
    case tooDeep(position: Int, limit: Int)
    /// The text ends inside a value.
    case endsEarly(position: Int)
    /// A byte stands where the grammar has no place for it.
    case unexpectedByte(UInt8, position: Int)
    /// Something other than white space follows the value.
    case trailingBytes(position: Int)
    /// A string holds bytes that are not UTF-8.
    case invalidUTF8(position: Int)
    /// A string holds a control character that is not escaped.
    case controlCharacter(UInt8, position: Int)
    /// A backslash is followed by something that is no escape.
    case invalidEscape(position: Int)
    /// A `\u` escape names half of a surrogate pair.
    case loneSurrogate(position: Int)
    /// A number is not written as JSON writes numbers, or has more than 64 characters.
    case invalidNumber(position: Int)
    /// An object names one member twice.
    case duplicateName(String, position: Int)
}

extension JSONFailure: CustomStringConvertible {
    /// One sentence for a person.
    public var description: String {
        switch self {
        case .tooLong(let count, let limit):
            "the text has \(count) bytes, the limit is \(limit)"
        case .tooDeep(let position, let limit):
            "arrays and objects are nested deeper than \(limit) at byte \(position)"
        case .endsEarly(let position): "the text ends early, at byte \(position)"
        case .unexpectedByte(let byte, let position):
            "byte \(position) (0x\(String(byte, radix: 16))) is not expected there"
        case .trailingBytes(let position):
            "something follows the value at byte \(position)"
        case .invalidUTF8(let position): "the string at byte \(position) is not UTF-8"
        case .controlCharacter(_, let position):
            "the string has an unescaped control character at byte \(position)"
        case .invalidEscape(let position): "the escape at byte \(position) is unknown"
        case .loneSurrogate(let position):
            "the escape at byte \(position) is half of a surrogate pair"
        case .invalidNumber(let position): "the number at byte \(position) is malformed"
        case .duplicateName(let name, let position):
            "the member “\(name)” is given twice, again at byte \(position)"
        }
    }
}
