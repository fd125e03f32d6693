/// One method: what dispatch, the checks of parameters and the OpenRPC document all come from.
public struct MethodDeclaration: Sendable {
    /// Who may call a method.
    public enum Authority: String, Sendable {
        /// Everyone on loopback, and everyone at all when the operator opens the node.
        case open
        /// Everyone on loopback; from elsewhere with the token only.
        case openOnLoopback
        /// With the token only.
        case token
    }

    /// One parameter of a method.
    public struct Parameter: Sendable {
        /// The parameter's name.
        public let name: String
        /// What kind of value it is.
        public let shape: ValueShape
        /// Whether a call without it is refused.
        public let isRequired: Bool
        /// One sentence for a reader.
        public let summary: String

        static func required(_ name: String, _ shape: ValueShape, _ summary: String) -> Parameter {
            Parameter(name: name, shape: shape, isRequired: true, summary: summary)
        }

        static func optional(_ name: String, _ shape: ValueShape, _ summary: String) -> Parameter {
            Parameter(name: name, shape: shape, isRequired: false, summary: summary)
        }
    }

    /// The name that callers write.
    public let name: String
    /// One sentence for a reader.
    public let summary: String
    /// The parameters in the order in which an array gives them.
    public let parameters: [Parameter]
    /// What the method answers.
    public let result: ValueShape
    /// Who may call it.
    public let authority: Authority
    /// Whether only a development network has it.
    public let isDevelopmentOnly: Bool

    init(
        _ name: String,
        _ summary: String,
        _ parameters: [Parameter] = [],
        result: ValueShape,
        authority: Authority = .open,
        isDevelopmentOnly: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.result = result
        self.authority = authority
        self.isDevelopmentOnly = isDevelopmentOnly
    }
}

/// Every method of the protocol.
public enum Methods {
    /// All declarations, group by group.
    public static let all: [MethodDeclaration] =
        node + chain + entry + stamp + meeting + author + write + peer + miner + mempool
        + subscription

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The method of that name, or nil.
    public static func named(_ name: String) -> MethodDeclaration? { byName[name] }

    /// The method of that name, or the error that says there is none.
    public static func find(_ name: String) throws(APIError) -> MethodDeclaration {
        guard let method = byName[name] else {
            throw .methodNotFound(name, nearest: NearestName.of(name, among: all.map(\.name)))
        }
        return method
    }
}
