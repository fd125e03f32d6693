import ArgumentParser
import FoundationEssentials
import PhiAPI
import PhiLedger

/// Finds the network that a person names.
enum ChosenNetwork {
    /// The network of a name or of a genesis file.
    static func named(_ choice: String) throws -> Network {
        if let known = Networks.named(choice) { return known.network }
        let file = URL(filePath: choice)
        guard let data = try? Data(contentsOf: file), data.count <= GenesisDocument.byteLimit else {
            throw ValidationError("“\(choice)” is no network and no genesis file.")
        }
        return try GenesisDocument(parsing: Array(data)).network
    }
}

extension Timestamp {
    /// The time of this machine.
    static var now: Timestamp {
        Timestamp(milliseconds: UInt64(Date().timeIntervalSince1970 * 1_000))
    }
}
