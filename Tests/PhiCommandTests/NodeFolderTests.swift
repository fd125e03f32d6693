import Foundation
import Testing

extension NodeProcessTests {
    @Suite("A node's data folder", .timeLimit(.minutes(3))) struct FolderTests {
        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        /// Starts a node that must refuse the folder in one sentence and leave it as it is.
        private func expectRefusal(
            _ words: [String],
            network: String = "dev",
            _ comment: String = ""
        ) async throws {
            let before = try ownFiles()
            for command in [
                ["node", "run", "--listen", "127.0.0.1:0", "--rpc", "127.0.0.1:0"],
                ["chain", "verify"],
            ] {
                let ending = try await folder.run(
                    command + ["--network", network, "--data", folder.path(of: "data")]
                )
                let comment = Comment(rawValue: "\(comment) \(command): \(ending.errors)")
                #expect(ending.status == 1, comment)
                #expect(ending.output.isEmpty, comment)
                #expect(ending.errors.split(separator: "\n").count == 1, comment)
                for word in words { #expect(ending.errors.contains(word), comment) }
            }
            let isUntouched = try ownFiles() == before
            #expect(isUntouched, Comment(rawValue: comment))
        }

        /// What the node itself keeps; the store may rewrite its own files when it is opened.
        private func ownFiles() throws -> [String: Data] {
            try folder.contents(of: "data").filter { !$0.key.hasPrefix("ledger/") }
        }

        @Test("is refused to a second node while one runs")
        func locked() async throws {
            let node = try await NodeProcess(folder)
            try node.generate(3)
            try await expectRefusal(["in use", "stop it"])
            #expect(try node.tip().height == 3)
            try await node.stop()
        }

        @Test("is refused to a node of another network")
        func otherNetwork() async throws {
            let node = try await NodeProcess(folder)
            try node.generate(3)
            try await node.stop()
            try await expectRefusal(["another folder"], network: "test")
            let again = try await NodeProcess(folder)
            #expect(try again.tip().height == 3)
            try await again.stop()
        }

        @Test(
            "is refused when a file of the store is damaged",
            arguments: ["MANIFEST", ".ldb", ".log", "CURRENT"]
        )
        func damaged(file: String) async throws {
            // A second start moves what the first has logged into a table.
            for _ in 0..<2 {
                let node = try await NodeProcess(folder)
                try node.generate(200)
                try await node.stop()
            }
            let store = folder.path(of: "data/ledger")
            let names = try FileManager.default.contentsOfDirectory(atPath: store)
            let damaged = names.filter { $0.contains(file) }
            #expect(!damaged.isEmpty, "\(names)")
            for name in damaged {
                let place = URL(filePath: store + "/" + name)
                var data = try Data(contentsOf: place)
                for index in stride(from: data.count / 4, to: data.count, by: 97) {
                    data[index] ^= 0x5A
                }
                try data.write(to: place)
            }
            try await expectRefusal(["damaged", "move"], file)
        }

        @Test("is refused when a newer program has written it")
        func newerFormat() async throws {
            let node = try await NodeProcess(folder)
            try await node.stop()
            let store = folder.path(of: "data/ledger")
            let names = try FileManager.default.contentsOfDirectory(atPath: store)
            let log = try #require(names.filter { $0.hasSuffix(".log") }.min())
            let place = URL(filePath: store + "/" + log)
            var bytes = [UInt8](try Data(contentsOf: place))
            #expect(NodeProcessLog.raiseVersion(&bytes))
            try Data(bytes).write(to: place)
            try await expectRefusal(["format 255", "update"])
        }

        @Test(
            "is refused when its identity or token is damaged",
            arguments: ["identity", "rpc.token"]
        )
        func damagedSecret(file: String) async throws {
            let node = try await NodeProcess(folder)
            try await node.stop()
            try Data("short".utf8).write(to: folder.file("data/" + file))
            let ending = try await folder.run([
                "node", "run", "--listen", "127.0.0.1:0", "--rpc", "127.0.0.1:0", "--network",
                "dev", "--data", folder.path(of: "data"),
            ])
            #expect(ending.status == 1)
            #expect(ending.errors.contains("data/\(file) is damaged"), "\(ending.errors)")
            #expect(folder.text(of: "data/" + file) == "short")
        }

        @Test("that is a file, or lies where none can be made, is refused")
        func noFolder() async throws {
            try Data().write(to: folder.file("file"))
            for place in ["file", "file/data"] {
                let ending = try await folder.run([
                    "node", "run", "--listen", "127.0.0.1:0", "--rpc", "127.0.0.1:0", "--network",
                    "dev", "--data", folder.path(of: place),
                ])
                #expect(ending.status == 1)
                #expect(ending.errors.contains("--data"), "\(ending.errors)")
                #expect(ending.errors.split(separator: "\n").count == 1, "\(ending.errors)")
            }
        }
    }
}
