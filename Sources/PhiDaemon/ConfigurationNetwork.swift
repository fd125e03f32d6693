public import PhiAPI
import PhiClient

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Finds the network that a person names, and the folder where its data is by default.
public enum ConfigurationNetwork {
    /// The network that is meant when none is named.
    public static let standard = "main"

    /// The network of a name, or of a genesis file.
    ///
    /// - Parameter choice: `main`, `test`, `dev`, or the path of a genesis file.
    /// - Returns: The network with its seeds.
    /// - Throws: Why there is none.
    public static func document(
        _ choice: String
    ) throws(ConfigurationFailure) -> GenesisDocument {
        if let known = Networks.named(choice) { return known }
        let bytes: [UInt8]
        do {
            bytes = try PrivateFile.read(
                choice,
                limit: GenesisDocument.byteLimit,
                isSecret: false
            )
        } catch {
            let names = Networks.names.joined(separator: ", ")
            throw .wrongValue(
                field: "network",
                value: choice,
                remedy: "it is none of \(names) and no genesis file that can be read"
            )
        }
        do { return try GenesisDocument(parsing: bytes) } catch {
            throw .genesis(path: choice, error)
        }
    }

    /// Where the data of a network is unless told otherwise.
    ///
    /// - Parameter name: The network's name.
    /// - Returns: `$XDG_DATA_HOME/phi-ledger/<name>`, or the same under `~/.local/share`.
    /// - Throws: `noHome` where neither is set.
    public static func standardFolder(_ name: String) throws(ConfigurationFailure) -> String {
        if let base = variable("XDG_DATA_HOME"), base.hasPrefix("/") {
            return base + "/phi-ledger/" + name
        }
        guard let home = variable("HOME"), home.hasPrefix("/") else { throw .noHome }
        return home + "/.local/share/phi-ledger/" + name
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
