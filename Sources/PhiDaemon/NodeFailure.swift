import PhiChain
import PhiClient

/// Why a node did not start, or could not go on, as a sentence with the remedy.
public struct NodeFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// What an error of any part means to the operator; store failures speak for themselves.
    static func explain(_ error: any Error) -> any Error {
        switch error {
        case let failure as StoreFailure: failure
        case let failure as NodeFailure: failure
        case let failure as FileFailure:
            NodeFailure(
                description: "The data folder cannot be used. \(failure) Mend it, or name another "
                    + "folder with --data."
            )
        case is CancellationError: error
        default: NodeFailure(description: "The node cannot run: \(error)")
        }
    }

    /// An address cannot be listened at.
    static func cannotListen(for what: String, at address: String, _ error: any Error) -> Self {
        let reason = "\(error)"
        let isTaken = reason.contains("errno: 98") || reason.contains("in use")
        let cause = isTaken ? "the address is in use" : reason
        let option = what == "RPC" ? "--rpc" : "--listen"
        return NodeFailure(
            description: "Listening for \(what) at \(address) is not possible: \(cause); end the "
                + "other program or name another address with \(option)."
        )
    }
}
