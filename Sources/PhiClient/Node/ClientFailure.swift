public import PhiAPI

/// Why a call of a node gave no result.
///
/// Whether nobody answered, the node refused, or time ran out are three different things: the
/// remedy differs, and so does what may have happened at the node.
public enum ClientFailure: Error, Equatable, Sendable {
    /// The address is not one that can be called.
    case malformedAddress(String)
    /// No connection came about, or it broke before an answer.
    case unreachable(address: String, reason: String)
    /// The node took longer than the caller's patience; it may have done what was asked.
    case timedOut(address: String, milliseconds: Int64)
    /// The node answered with an error.
    case refused(APIError)
    /// What answered is no node: it does not speak JSON-RPC.
    case notNode(address: String, reason: String)
    /// The node answered with another document than the method promises.
    case otherDocument(method: String, DocumentFailure)
    /// The caller gave up.
    case canceled
}

extension ClientFailure: CustomStringConvertible {
    /// One sentence for a person, with the remedy.
    public var description: String {
        switch self {
        case .malformedAddress(let address):
            "“\(address)” is no address of a node; write one such as http://127.0.0.1:7180."
        case .unreachable(let address, let reason):
            "No node answers at \(address) (\(reason)); start one with “phi-ledger node run” or "
                + "name another with --rpc-url."
        case .timedOut(let address, let milliseconds):
            "The node at \(address) did not answer within \(milliseconds) ms; it may be busy, so "
                + "try again or give it more time with --timeout."
        case .refused(let error): error.message
        case .notNode(let address, let reason):
            "What answers at \(address) is no node (\(reason)); check --rpc-url."
        case .otherDocument(let method, let failure):
            "The node's answer to \(method) is not what it should be, since \(failure); the node "
                + "and this program may be of different versions."
        case .canceled: "The call was given up."
        }
    }

    /// The rule that was broken, where the node named one.
    public var brokenRule: String? {
        guard case .refused(let error) = self, error.code == APIError.Code.ruleBroken else {
            return nil
        }
        return error.data?["rule"]?.string
    }
}
