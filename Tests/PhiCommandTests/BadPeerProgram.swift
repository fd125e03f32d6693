import Foundation

/// The program that plays bad peers, which the build puts beside the node's.
enum BadPeerProgram {
    /// Where it is, or nil where it is not built.
    static let location: String? = {
        guard let program = NodeProcessFolder.program else { return nil }
        let path = URL(filePath: program).deletingLastPathComponent()
            .appending(path: "phi-ledger-badpeer").path(percentEncoded: false)
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// Runs it to its end.
    static func run(
        _ arguments: [String],
        in folder: NodeProcessFolder
    ) async throws -> NodeProcessFolder.Ending {
        guard let location else { throw NodeProcessFailure("phi-ledger-badpeer is not built") }
        return try await folder.run(arguments, program: location)
    }

    /// Plays one behavior against a node for a second.
    static func play(
        _ behavior: String,
        against node: NodeProcess
    ) async throws -> NodeProcessValue {
        let ending = try await run(
            [
                behavior, "--peer", "127.0.0.1:\(node.peerPort)", "--network", node.network,
                "--duration", "1", "--json",
            ],
            in: node.folder
        )
        guard ending.status == 0 else { throw NodeProcessFailure(ending.errors) }
        return ending.document
    }
}
