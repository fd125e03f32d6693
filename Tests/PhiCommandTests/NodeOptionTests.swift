import Foundation
import Testing

extension NodeProcessTests {
    @Suite("A node that cannot start", .timeLimit(.minutes(2))) struct OptionTests {
        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        private func start(_ arguments: [String]) async throws -> NodeProcessFolder.Ending {
            try await folder.run(["node", "run", "--data", folder.path(of: "data")] + arguments)
        }

        private var isUntouched: Bool {
            !FileManager.default.fileExists(atPath: folder.path(of: "data"))
        }

        @Test("says which port is taken", arguments: ["--listen", "--rpc"])
        func takenPort(option: String) async throws {
            let node = try await NodeProcess(folder, "other")
            let port = option == "--rpc" ? node.rpcPort : node.peerPort
            let other = option == "--rpc" ? "--listen" : "--rpc"
            let ending = try await start([
                "--network", "dev", option, "127.0.0.1:\(port)", other, "127.0.0.1:0",
            ])
            #expect(ending.status == 1)
            #expect(ending.errors.contains("\(port)"), "\(ending.errors)")
            #expect(ending.errors.lowercased().contains("in use"), "\(ending.errors)")
            #expect(ending.output.isEmpty)
            try await node.stop()
        }

        @Test("takes no wrong clock where others rely on it", arguments: ["main", "test"])
        func wrongClock(network: String) async throws {
            let ending = try await start(["--network", network, "--clock-offset", "-250"])
            #expect(ending.status == 2)
            #expect(ending.errors.contains("-250"), "\(ending.errors)")
            #expect(ending.errors.contains(network), "\(ending.errors)")
            #expect(isUntouched)
        }

        @Test("names the remedy when RPC would leave the machine in the clear")
        func openRPC() async throws {
            let ending = try await start(["--network", "dev", "--rpc", "0.0.0.0:0"])
            #expect(ending.status == 2)
            #expect(ending.errors.contains("insecure"), "\(ending.errors)")
            #expect(isUntouched)
        }

        @Test(
            "names the part of a configuration file that is wrong",
            arguments: [
                ("netwrok = \"dev\"", "network"), ("network = 5", "network"),
                ("[mine]\nduty = 2.0", "duty"), ("[rpc]\nlisten = \"0.0.0.0:0\"", "insecure"),
                ("[rpc", "node.toml"),
            ]
        )
        func configuration(contents: String, named: String) async throws {
            try Data(contents.utf8).write(to: folder.file("node.toml"))
            let ending = try await start(["--config", folder.path(of: "node.toml")])
            #expect(ending.status == 2)
            #expect(ending.errors.contains(named), "\(ending.errors)")
            #expect(isUntouched)
        }

        @Test(
            "refuses a genesis file that is none",
            arguments: ["", "{}", "none", "{\"version\":9}"]
        )
        func genesis(contents: String) async throws {
            try Data(contents.utf8).write(to: folder.file("genesis.json"))
            let ending = try await start(["--network", folder.path(of: "genesis.json")])
            #expect(ending.status != 0)
            #expect(ending.errors.contains("genesis.json"), "\(ending.errors)")
            #expect(ending.errors.split(separator: "\n").count == 1, "\(ending.errors)")
            #expect(isUntouched)
        }
    }
}
