/// An answer that says why there is no result.
///
/// The message is a sentence that names the field at fault and the remedy.
public struct APIError: Error, Equatable, Sendable {
    /// The number that a program looks at, one of ``Code``.
    public let code: Int
    /// The sentence that a person reads.
    public let message: String
    /// Facts for a program, by the kind of the error.
    public let data: JSON?

    /// Makes an error; the static makers are the usual way.
    public init(code: Int, message: String, data: JSON? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The codes of JSON-RPC 2.0 and those that Phi adds.
    public enum Code {
        /// The request is not JSON.
        public static let parse = -32_700
        /// The JSON is no request.
        public static let invalidRequest = -32_600
        /// There is no such method.
        public static let methodNotFound = -32_601
        /// A parameter is missing, unknown or of the wrong kind.
        public static let invalidParameters = -32_602
        /// The node failed.
        public static let internalFailure = -32_603
        /// What was asked for is not in the ledger.
        public static let notFound = -32_001
        /// The entry or the wish breaks a rule.
        public static let ruleBroken = -32_002
        /// The caller may not do this.
        public static let notAuthorized = -32_003
        /// The node is busy, or the caller is too fast.
        public static let busy = -32_004
        /// The node no longer keeps what was asked for.
        public static let pruned = -32_005
        /// The node has not caught up with the network.
        public static let syncing = -32_006
    }
}

extension APIError {
    /// The request is not JSON.
    public static func parse(_ failure: JSONFailure) -> APIError {
        APIError(
            code: Code.parse,
            message: "The request is not JSON that Phi reads: \(failure). Send one JSON text."
        )
    }

    /// The JSON is no request, for a reason given as a sentence that says what to send.
    public static func invalidRequest(_ reason: String) -> APIError {
        APIError(code: Code.invalidRequest, message: reason)
    }

    /// There is no such method.
    public static func methodNotFound(_ name: String, nearest: String? = nil) -> APIError {
        let shown = name.prefix(80)
        let hint = nearest.map { "Did you mean “\($0)”?" } ?? "Call rpc.discover for the list."
        return APIError(
            code: Code.methodNotFound,
            message: "There is no method “\(shown)”. \(hint)"
        )
    }

    /// A parameter is missing, unknown or of the wrong kind.
    public static func invalidParameter(_ field: String, _ reason: String) -> APIError {
        APIError(code: Code.invalidParameters, message: reason, data: ["field": .string(field)])
    }

    /// The parameters as a whole are wrong.
    public static func invalidParameters(_ reason: String) -> APIError {
        APIError(code: Code.invalidParameters, message: reason)
    }

    /// The node failed in a way that the caller cannot mend.
    public static var internalFailure: APIError {
        APIError(
            code: Code.internalFailure,
            message: "The node failed while answering. Its log says why; try again later."
        )
    }

    /// What was asked for, such as `the entry`, is not in the ledger.
    public static func notFound(_ what: String, remedy: String? = nil) -> APIError {
        let advice = remedy ?? "Check the identifier, or ask again when the node has caught up."
        return APIError(
            code: Code.notFound,
            message: "The node does not know \(what). \(advice)"
        )
    }

    /// The entry or the wish breaks a rule.
    ///
    /// The rule's name is stable for programs, the message names the field and the remedy; limit
    /// and found value are given where the rule is a bound.
    public static func ruleBroken(
        _ rule: String,
        _ message: String,
        limit: JSON? = nil,
        found: JSON? = nil
    ) -> APIError {
        var members: [(String, JSON)] = [("rule", .string(rule))]
        if let limit { members.append(("limit", limit)) }
        if let found { members.append(("found", found)) }
        return APIError(code: Code.ruleBroken, message: message, data: .object(members))
    }

    /// The caller may not use something, such as `the method “node.stop”`.
    public static func notAuthorized(_ what: String) -> APIError {
        APIError(
            code: Code.notAuthorized,
            message: "You may not use \(what) without the node's token. "
                + "Send “Authorization: Bearer …” with the content of rpc.token."
        )
    }

    /// The node is busy, or the caller is too fast.
    public static func busy(
        retryAfterMilliseconds delay: Int64,
        _ reason: String = "You ask faster than this node allows."
    ) -> APIError {
        APIError(
            code: Code.busy,
            message: "\(reason) Try again in \(delay) ms.",
            data: ["retryAfterMs": .integer(delay)]
        )
    }

    /// The node no longer keeps what was asked for, only what stands at that height and later.
    public static func pruned(from height: UInt32) -> APIError {
        APIError(
            code: Code.pruned,
            message: "This node keeps contents from height \(height) on. Ask an archiving node.",
            data: ["from": .integer(Int64(height))]
        )
    }

    /// The node has not caught up with the network.
    public static func syncing(_ data: JSON? = nil) -> APIError {
        APIError(
            code: Code.syncing,
            message: "The node is still catching up. Watch node.health and try again.",
            data: data
        )
    }
}

extension APIError {
    /// Writes the error object of JSON-RPC.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("code")
        writer.integer(code)
        writer.name("message")
        writer.string(message)
        if let data {
            writer.name("data")
            writer.value(data)
        }
        writer.endObject()
    }
}
