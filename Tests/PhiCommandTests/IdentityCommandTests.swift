import Foundation
import PhiAPI
import Testing

@Suite("The identity's commands") struct IdentityCommandTests {
    private func document(_ text: String) throws -> JSON {
        try JSON(parsing: Array(text.utf8))
    }

    @Test("make, back up and restore one identity")
    func roundTrip() throws {
        let program = try Program()
        defer { program.remove() }
        let secret = program.home + "/secret"
        let isWritten = FileManager.default.createFile(
            atPath: secret,
            contents: Data("a good passphrase\n".utf8),
            attributes: [.posixPermissions: 0o600]
        )
        #expect(isWritten)
        let made = try program.run(["identity", "create", "--json"])
        #expect(made.status == 0)
        let identity = try document(made.output)["identity"]
        #expect(try program.run(["identity", "create"]).status == 1)
        let backup = program.home + "/backup"
        let exported = try program.run([
            "identity", "export", "-o", backup, "--backup-passphrase-file", secret,
        ])
        #expect(exported.status == 0)
        let restored = try program.run([
            "identity", "import", backup, "--backup-passphrase-file", secret, "--network", "dev",
            "--json",
        ])
        #expect(restored.status == 0)
        #expect(try document(restored.output)["identity"] == identity)
        #expect(try program.run(["identity", "import", backup, "--network", "test"]).status == 1)
    }

    @Test("keep the keystore from others")
    func rights() throws {
        let program = try Program()
        defer { program.remove() }
        #expect(try program.run(["identity", "create"]).status == 0)
        let folder = program.home + "/.local/share/phi-ledger/main"
        for (path, mode) in [(folder, 0o700), (folder + "/keystore", 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == mode)
        }
    }

    @Test("say which command makes a keystore where there is none")
    func absent() throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(["identity", "show"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("identity create"))
    }
}
