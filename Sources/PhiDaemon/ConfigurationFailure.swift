public import PhiAPI

/// Why settings make no node; each names the field and the remedy.
public enum ConfigurationFailure: Error, Equatable, Sendable {
    /// A file cannot be read.
    case unreadable(field: String, path: String, reason: String)
    /// The configuration file is no TOML.
    case notTOML(path: String, reason: String)
    /// The configuration file has a key that nothing knows.
    case unknownKey(String, nearest: String?, path: String)
    /// A key has a value of another kind.
    case wrongKind(key: String, wanted: String, found: String)
    /// A value is not one of those that are possible.
    case wrongValue(field: String, value: String, remedy: String)
    /// A genesis file describes no network.
    case genesis(path: String, GenesisDocumentFailure)
    /// RPC would leave the machine unprotected.
    case insecureRPC(host: String)
    /// A certificate or its key is given without the other.
    case halfCertificate(given: String, missing: String)
    /// There is no home folder to put the data in.
    case noHome
}

extension ConfigurationFailure: CustomStringConvertible {
    /// One sentence for a person.
    public var description: String {
        switch self {
        case .unreadable(let field, let path, let reason):
            "\(field): the file \(path) cannot be read (\(reason)); check its name and rights."
        case .notTOML(let path, let reason): "The file \(path) is not valid TOML: \(reason)."
        case .unknownKey(let key, let nearest, let path):
            "The file \(path) has the unknown key “\(key)”; "
                + (nearest.map { "did you mean “\($0)”?" } ?? "leave it out.")
        case .wrongKind(let key, let wanted, let found):
            "\(key) must be \(wanted), but is of the kind \(found)."
        case .wrongValue(let field, let value, let remedy):
            "\(field) cannot be “\(value)”; \(remedy)."
        case .genesis(let path, let failure): "network: in \(path), \(failure)."
        case .insecureRPC(let host):
            "rpc.listen: \(host) is not this machine alone; give rpc.tls-certificate and "
                + "rpc.tls-key, or allow plain text with --rpc-insecure."
        case .halfCertificate(let given, let missing):
            "\(given) is given without \(missing); give both or none."
        case .noHome: "data: there is no home folder to put the data in; name one with --data."
        }
    }
}
