import Foundation
import Testing

extension NodeProcessTests {
    @Suite("A ledger with a damaged table", .timeLimit(.minutes(3))) struct DamagedTableTests {
        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        /// Makes a chain whose records lie in a table, and says what its check prints.
        private func make() async throws -> String {
            let writer = try await NodeProcessWriter(folder)
            var node = try await NodeProcess(folder)
            try await writer.open(at: node)
            for number in 0..<3 { _ = try await writer.send("message \(number)", at: node) }
            try node.generate(200)
            try await node.stop()
            // A store makes a table of its log when it is opened again.
            node = try await NodeProcess(folder)
            try await node.stop()
            let ending = try await verify("data")
            #expect(ending.status == 0, "\(ending.errors)")
            return ending.output
        }

        private func verify(_ data: String) async throws -> NodeProcessFolder.Ending {
            try await folder.run(
                ["chain", "verify", "--network", "dev", "--data", folder.path(of: data), "--json"]
            )
        }

        /// The tables of a data folder.
        private func tables(of data: String) throws -> [URL] {
            let root = folder.file(data)
            let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
            return (found?.allObjects ?? []).compactMap { $0 as? URL }
                .filter { $0.pathExtension == "ldb" }
                .sorted { $0.path < $1.path }
        }

        private func damaged(_ whole: Data, cut: Bool, step: Int, of steps: Int) -> Data {
            if cut { return whole.prefix(whole.count * step / steps) }
            var data = whole
            data[whole.count * step / steps] ^= 0x10
            return data
        }

        @Test("is read as it was or not at all, with the remedy", arguments: [true, false])
        func damage(isCut: Bool) async throws {
            let expected = try await make()
            try #require(!tables(of: "data").isEmpty)
            var refused = 0
            for step in 0..<10 {
                let copy = "copy\(step)"
                try FileManager.default.copyItem(at: folder.file("data"), to: folder.file(copy))
                let table = try #require(try tables(of: copy).last)
                let whole = try Data(contentsOf: table)
                try damaged(whole, cut: isCut, step: step, of: 10).write(to: table)
                let ending = try await verify(copy)
                guard ending.status != 0 else {
                    #expect(ending.output == expected, "step \(step)")
                    continue
                }
                refused += 1
                #expect(ending.status == 1, "step \(step): \(ending.errors)")
                #expect(ending.output.isEmpty)
                #expect(ending.errors.contains("The ledger is damaged"), "\(ending.errors)")
                #expect(ending.errors.contains("move its folder away"), "\(ending.errors)")
                guard isCut, step == 0 else { continue }
                let node = try await folder.run([
                    "node", "run", "--network", "dev", "--data", folder.path(of: copy),
                    "--listen", "127.0.0.1:0", "--rpc", "127.0.0.1:0",
                ])
                #expect(node.status == 1)
                #expect(node.errors.contains("move its folder away"), "\(node.errors)")
            }
            // A turned bit in the table's filter or in padding harms nothing.
            #expect(refused >= (isCut ? 10 : 7))
        }
    }
}
