import NIOHTTP1

/// The caller of a connection's last call, for as long as the calls' fields stay the same.
///
/// A client sends the same fields with each call of a connection, and judging them anew costs more
/// than many an answer. What is judged of a call are its fields and the connection alone.
struct KnownCaller {
    private var fields: HTTPHeaders?
    private var caller: Caller?

    /// Says who asks, or with what to answer instead.
    mutating func judge(
        _ head: HTTPRequestHead,
        _ remote: RemoteEnd,
        by rules: AccessRules
    ) -> Result<Caller, HTTPAnswer> {
        let isCall = head.method == .POST
        if isCall, let caller, let fields, Self.areSame(fields, head.headers) {
            return .success(caller)
        }
        let result = rules.judge(head, remote)
        if isCall, case .success(let judged) = result {
            fields = head.headers
            caller = judged
        }
        return result
    }

    /// Whether fields are the same but for the length of the body.
    private static func areSame(_ some: HTTPHeaders, _ others: HTTPHeaders) -> Bool {
        guard some.count == others.count else { return false }
        return zip(some, others).allSatisfy { one, other in
            one.name == other.name
                && (one.value == other.value || one.name.lowercased() == "content-length")
        }
    }
}
