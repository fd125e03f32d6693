import ArgumentParser
import FoundationEssentials
import PhiClient

/// Where nodes are, and what opens them.
struct RemoteOptions: ParsableArguments {
    @Option(name: .customLong("rpc-url"), help: "A node's address; several where they serve.")
    var addresses: [String]

    @Option(name: .customLong("token-file"), help: "The token of the node of the same place.")
    var tokenFiles: [String] = []

    /// What each node is called with.
    func settings() throws -> [NodeClient.Settings] {
        guard tokenFiles.isEmpty || tokenFiles.count == addresses.count else {
            throw MeasureFailure.option("give one --token-file for each --rpc-url, or none")
        }
        return try addresses.enumerated().map { index, address in
            NodeClient.Settings(
                address: address,
                token: tokenFiles.isEmpty ? nil : try Self.token(in: tokenFiles[index]),
                patience: .seconds(60)
            )
        }
    }

    /// What the only node is called with.
    func single() throws -> NodeClient.Settings {
        let all = try settings()
        guard let first = all.first, all.count == 1 else {
            throw MeasureFailure.option("give one --rpc-url")
        }
        return first
    }

    private static func token(in path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MeasureFailure.file(path: path, reason: "cannot be read")
        }
        return String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
    }
}
