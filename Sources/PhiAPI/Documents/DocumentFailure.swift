/// Why a JSON value is not the document that it should be.
public enum DocumentFailure: Error, Equatable, Sendable {
    /// The text is no JSON at all.
    case notJSON(JSONFailure)
    /// A field is not there.
    case missing(field: String)
    /// A field has another kind of value.
    case wrong(field: String, wanted: String)
    /// A field does not say what the bytes beside it say.
    case mismatch(field: String)
    /// A field is none of the document's.
    case unknown(field: String)
}

extension DocumentFailure: CustomStringConvertible {
    /// One sentence for a person.
    public var description: String {
        switch self {
        case .notJSON(let failure): "the text is not JSON: \(failure)"
        case .missing(let field): "the field “\(field)” is missing"
        case .wrong(let field, let wanted): "the field “\(field)” is not \(wanted)"
        case .mismatch(let field): "the field “\(field)” contradicts the bytes beside it"
        case .unknown(let field): "there is no field “\(field)”"
        }
    }
}
