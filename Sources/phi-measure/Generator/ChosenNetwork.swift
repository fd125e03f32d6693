import ArgumentParser
import FoundationEssentials
import PhiAPI
import PhiLedger

/// The network that a chain is made for.
struct ChosenNetwork: ExpressibleByArgument {
    /// A known name, or the path of a genesis file.
    let text: String

    init(argument: String) {
        text = argument
    }

    /// The network itself.
    func load() throws -> Network {
        if let known = Networks.named(text) { return known.network }
        guard let data = FileManager.default.contents(atPath: text) else {
            throw MeasureFailure.file(path: text, reason: "cannot be read")
        }
        do { return try GenesisDocument(parsing: Array(data)).network } catch {
            throw MeasureFailure.network(path: text, reason: "\(error)")
        }
    }
}
