/// Why the server does not start.
public enum RPCStartFailure: Error, Equatable, Sendable {
    /// The address is not on this machine, there is no TLS, and nobody said that this is wanted.
    case insecure(host: String)
    /// The port is none.
    case badPort(Int)
    /// The token can be guessed.
    case shortToken(count: Int, minimum: Int)
    /// The certificate or its key cannot be used.
    case badCertificate(reason: String)
    /// The socket cannot be opened.
    case cannotListen(reason: String)
    /// The server ended before it listened.
    case stopped
}

extension RPCStartFailure: CustomStringConvertible {
    /// One sentence that names the remedy.
    public var description: String {
        switch self {
        case .insecure(let host):
            "RPC at \(host) would be readable on the network: give a certificate, "
                + "or say --rpc-insecure if a proxy or a private network protects it."
        case .badPort(let port): "\(port) is no port; give one from 0 to 65535."
        case .shortToken(let count, let minimum):
            "The token has \(count) bytes, at least \(minimum) are needed; delete rpc.token "
                + "and the node makes a new one."
        case .badCertificate(let reason): "The certificate cannot be used: \(reason)"
        case .cannotListen(let reason): "The RPC port cannot be opened: \(reason)"
        case .stopped: "The server ended before it listened."
        }
    }
}
