/// The parameters of one call, checked against what its method declares.
///
/// They may be given by name, as an object, or by position, as an array in the declared order. A
/// name that is not declared is refused, and so is a missing one that is required; an optional
/// one that is `null` counts as absent.
public struct Parameters: Sendable {
    /// The method that declares them.
    public let method: MethodDeclaration
    /// The bech32m prefix of the node's network, or nil where only digits are taken.
    public let networkPrefix: String?

    private let values: [(String, JSON)]

    /// Sorts what a call gave: an object, an array or nothing.
    public init(
        _ json: JSON?,
        for method: MethodDeclaration,
        networkPrefix: String? = nil
    ) throws(APIError) {
        self.method = method
        self.networkPrefix = networkPrefix
        switch json {
        case nil: values = []
        case .object(let members)?: values = try Self.named(members, method)
        case .array(let elements)?: values = try Self.positioned(elements, method)
        case let other?:
            throw .invalidParameters(
                "The parameters must be an object or an array, not \(other.kind)."
            )
        }
        for declared in method.parameters where declared.isRequired && self[declared.name] == nil {
            throw .invalidParameter(
                declared.name,
                "The field “\(declared.name)” of \(method.name) is missing: \(declared.summary)"
            )
        }
    }

    private static func named(
        _ members: [(String, JSON)],
        _ method: MethodDeclaration
    ) throws(APIError) -> [(String, JSON)] {
        for (name, _) in members where !method.parameters.contains(where: { $0.name == name }) {
            let names = method.parameters.map(\.name)
            let hint =
                if let nearest = NearestName.of(name, among: names) {
                    "Did you mean “\(nearest)”?"
                } else if names.isEmpty {
                    "It takes no parameters."
                } else {
                    "It knows \(names.map { "“\($0)”" }.joined(separator: ", "))."
                }
            let shown = String(name.prefix(80))
            throw .invalidParameter(shown, "\(method.name) has no field “\(shown)”. \(hint)")
        }
        return members.filter { !$0.1.isNull }
    }

    private static func positioned(
        _ elements: [JSON],
        _ method: MethodDeclaration
    ) throws(APIError) -> [(String, JSON)] {
        guard elements.count <= method.parameters.count else {
            throw .invalidParameters(
                "\(method.name) takes at most \(method.parameters.count) parameters, "
                    + "not \(elements.count)."
            )
        }
        return zip(method.parameters, elements).map { ($0.name, $1) }.filter { !$0.1.isNull }
    }

    /// The value of that name as it was given, or nil when it was not.
    public subscript(name: String) -> JSON? { values.first { $0.0 == name }?.1 }

    /// Tells whether the parameter was given.
    public func has(_ name: String) -> Bool { self[name] != nil }

    /// The value of that name, or an error that says it is missing.
    func required(_ name: String) throws(APIError) -> JSON {
        guard let value = self[name] else {
            throw .invalidParameter(name, "The field “\(name)” is missing.")
        }
        return value
    }

    /// The error for a value of the wrong kind.
    func wrong(_ name: String, _ wanted: String, _ found: JSON) -> APIError {
        let suffix =
            switch found {
            case .integer(let value): ", but is \(value)."
            case .string: "."
            default: ", but is \(found.kind)."
            }
        return .invalidParameter(name, "The field “\(name)” must be \(wanted)\(suffix)")
    }
}
