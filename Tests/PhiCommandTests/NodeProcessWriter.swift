import Testing

/// Somebody with a keystore who writes by the command line.
final class NodeProcessWriter {
    private let folder: NodeProcessFolder
    private let keystore: String
    private(set) var meeting = ""

    init(_ folder: NodeProcessFolder, network: String = "dev") async throws {
        self.folder = folder
        keystore = folder.path(of: "keystore")
        let ending = try await folder.run([
            "identity", "create", "--network", network, "--no-passphrase", "--keystore", keystore,
        ])
        #expect(ending.status == 0, "\(ending.errors)")
    }

    /// Opens a meeting for everyone and has it recorded.
    func open(at node: NodeProcess) async throws {
        let ending = try await folder.run(
            [
                "meeting", "create", "--title", "Kept", "--reading", "public", "--writing",
                "anyone", "--keystore", keystore, "--json",
            ] + node.options
        )
        #expect(ending.status == 0, "\(ending.errors)")
        meeting = try #require(ending.document["meeting"].text)
        try node.generate(1)
    }

    /// Tries to write a message.
    func attempt(_ text: String, at node: NodeProcess) async throws -> NodeProcessFolder.Ending {
        try await folder.run(
            ["send", "message", meeting, text, "--keystore", keystore, "--json"] + node.options
        )
    }

    /// Writes a message and returns its entry.
    func send(_ text: String, at node: NodeProcess) async throws -> String {
        let ending = try await attempt(text, at: node)
        #expect(ending.status == 0, "\(ending.errors)")
        return try #require(ending.document["entry"].text)
    }
}
