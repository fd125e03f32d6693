import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension NodeProcessTests {
    @Suite("A chain in a file", .timeLimit(.minutes(3))) struct ChainFileTests {
        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        /// Makes a chain with a meeting and messages in `data`, and the file of it.
        private func export(blocks: Int) async throws -> (block: String, height: Int64) {
            let writer = try await NodeProcessWriter(folder)
            let node = try await NodeProcess(folder)
            try await writer.open(at: node)
            for number in 0..<3 { _ = try await writer.send("message \(number)", at: node) }
            for start in stride(from: 0, to: blocks, by: 1_000) {
                try node.generate(min(1_000, blocks - start))
            }
            let tip = try node.tip()
            try await node.stop()
            let ending = try await chain("export", "data", ["chain.jsonl"])
            #expect(ending.status == 0, "\(ending.errors)")
            return tip
        }

        private func chain(
            _ command: String,
            _ data: String,
            _ arguments: [String] = []
        ) async throws -> NodeProcessFolder.Ending {
            try await folder.run(
                ["chain", command, "--network", "dev", "--data", folder.path(of: data), "--json"]
                    + arguments
            )
        }

        private func expectChain(
            _ tip: (block: String, height: Int64),
            in data: String
        ) async throws {
            let ending = try await chain("verify", data)
            #expect(ending.status == 0, "\(ending.errors)")
            #expect(ending.document["block"].text == tip.block)
            #expect(ending.document["height"] == .integer(tip.height))
            #expect(ending.document["entries"] == .integer(4))
        }

        @Test("brings the same chain into another folder")
        func carried() async throws {
            let tip = try await export(blocks: 5)
            let ending = try await chain("import", "copy", ["chain.jsonl"])
            #expect(ending.status == 0, "\(ending.errors)")
            #expect(ending.document["added"] == .integer(tip.height), "\(ending.output)")
            for data in ["data", "copy"] { try await expectChain(tip, in: data) }
            let node = try await NodeProcess(folder, "copy")
            #expect(try node.tip() == tip)
            try await node.stop()
        }

        @Test("is taken up again where a killed import ended")
        func resumed() async throws {
            let tip = try await export(blocks: 4_000)
            var wasKilled = false
            for attempt in 0..<5 where !wasKilled {
                let data = "copy\(attempt)"
                let process = try folder.spawn(
                    [
                        "chain", "import", "chain.jsonl", "--network", "dev", "--data",
                        folder.path(of: data),
                    ],
                    output: "import.out",
                    errors: "import.err"
                )
                try await eventually("the first blocks") {
                    folder.size(of: data + "/ledger") > 100_000 || !process.isRunning
                }
                kill(process.processIdentifier, SIGKILL)
                try await eventually("the end of the import") { !process.isRunning }
                wasKilled = process.terminationReason == .uncaughtSignal
                let ending = try await chain("import", data, ["chain.jsonl"])
                #expect(ending.status == 0, "\(ending.errors)")
                let known = try #require(ending.document["known"].integer)
                let added = try #require(ending.document["added"].integer)
                #expect(known > 1)
                #expect(!wasKilled || added > 0)
                try await expectChain(tip, in: data)
            }
            #expect(wasKilled, "the import was always faster than the kill")
        }

        @Test("is refused from the line on in which a byte is wrong")
        func damaged() async throws {
            let tip = try await export(blocks: 5)
            let lines = folder.text(of: "chain.jsonl").split(separator: "\n").map { Array($0.utf8) }
            let number = try #require(lines.indices.max { lines[$0].count < lines[$1].count })
            let size = lines[number].count
            for place in [2, size / 8, size / 2, size - 8, size - 1] {
                var changed = lines
                changed[number][place] ^= 1
                let bytes: [UInt8] = Array(changed.joined(separator: [0x0A])) + [0x0A]
                try Data(bytes).write(to: folder.file("wrong.jsonl"))
                let data = "copy\(place)"
                let ending = try await chain("import", data, ["wrong.jsonl"])
                #expect(ending.status == 1, "byte \(place): \(ending.output)")
                #expect(ending.errors.split(separator: "\n").count == 1, "\(ending.errors)")
                let isNamed =
                    ending.errors.contains("Line \(number + 1)")
                    || ending.errors.contains("height \(number)")
                    || ending.errors.contains("height \(number + 1)")
                #expect(isNamed, "line \(number + 1), byte \(place): \(ending.errors)")
                let repaired = try await chain("import", data, ["chain.jsonl"])
                #expect(repaired.status == 0, "\(repaired.errors)")
                try await expectChain(tip, in: data)
            }
        }
    }
}
