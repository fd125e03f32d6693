import CGenesis

/// The networks that the program knows without a file.
public enum Networks {
    /// Their names.
    public static let names = ["main", "test", "dev"]

    /// The network of a name, with the addresses to begin with, or nil for any other name.
    public static func named(_ name: String) -> GenesisDocument? {
        embedded[name]
    }

    private static let embedded: [String: GenesisDocument] = [
        "main": document(PHI_GENESIS_MAIN), "test": document(PHI_GENESIS_TEST),
        "dev": document(PHI_GENESIS_DEV),
    ]

    private static func document(_ name: phi_genesis_name) -> GenesisDocument {
        var count = 0
        let bytes = unsafe Array(
            UnsafeBufferPointer(start: phi_genesis(name, &count), count: count)
        )
        do { return try GenesisDocument(parsing: bytes) } catch {
            preconditionFailure("the files of the program's own networks are right: \(error)")
        }
    }
}
