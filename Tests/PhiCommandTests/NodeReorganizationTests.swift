import Foundation
import Testing

extension NodeProcessTests {
    @Suite("A node that meets a heavier branch", .timeLimit(.minutes(3))) struct BranchTests {
        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        /// Makes a network whose nodes undo ten blocks at most and whose blocks cost nothing.
        private func makeNetwork() async throws -> String {
            let ending = try await folder.run([
                "genesis", "create", "--name", "branches", "--like", "dev", "--bits", "207fffff",
                "--undo-window", "10", "-o", "branches.json",
            ])
            #expect(ending.status == 0, "\(ending.errors)")
            return folder.path(of: "branches.json")
        }

        @Test("follows it within its undo window")
        func shallow() async throws {
            let network = try await makeNetwork()
            let left = try await NodeProcess(folder, "left", network: network)
            let right = try await NodeProcess(folder, "right", network: network)
            try left.generate(10)
            try right.generate(40)
            #expect(try await left.command("peer", "add", right.address).status == 0)
            try await eventually("the heavier chain") { try left.tip() == right.tip() }
            let info = try left.call("node.info")
            #expect(info["reorganizations"]["deepest"] == .integer(10), "\(info)")
            for node in [left, right] { try await node.stop() }
        }

        @Test("stops before one that leaves its chain deeper, until its operator accepts it")
        func deep() async throws {
            let network = try await makeNetwork()
            let writer = try await NodeProcessWriter(folder, network: network)
            let left = try await NodeProcess(folder, "left", network: network)
            let right = try await NodeProcess(folder, "right", network: network)
            try await writer.open(at: left)
            let entry = try await writer.send("This waits for another block.", at: left)
            try left.generate(11)
            let tip = try left.tip()
            try right.generate(40)
            #expect(try left.call("peer.add", "{\"address\":\"\(right.address)\"}") != .null)
            #expect(try await left.ended() == 1, "\(left.log)")
            let words = try #require(left.log.split(separator: "\n").last).split(separator: " ")
            #expect(words.contains("accept-reorg"), "\(left.log)")
            #expect(words.contains("--data"), "\(left.log)")
            let pending = folder.text(of: "left/pending-reorganization").split(separator: " ")
            let block = String(try #require(pending.first))
            #expect(words.contains(Substring(block)), "\(left.log)")

            try await expectRefusals(of: block, network: network, tip: tip)

            let accepted = try await accept(block, in: "left", network: network)
            #expect(accepted.status == 0, "\(accepted.errors)")
            #expect(!exists("left/pending-reorganization"))
            #expect(exists("left/ledger.replaced"))
            let back = try await NodeProcess(
                folder,
                "left",
                network: network,
                "--peer",
                right.address
            )
            try await eventually("the heavier chain") { try back.tip() == right.tip() }
            #expect(back.identity == left.identity)
            // What the old chain had recorded is not lost: it waits and is recorded again.
            try back.generate(1)
            let status = try back.call("entry.status", "{\"entry\":\"\(entry)\"}")
            #expect(status["status"].text == "recorded", "\(status)")
            for node in [back, right] { try await node.stop() }
        }

        /// Nothing but the branch that was held back, and in its own folder, is accepted.
        private func expectRefusals(
            of block: String,
            network: String,
            tip: (block: String, height: Int64)
        ) async throws {
            let before = try folder.contents(of: "left")
            let other = String(repeating: "0", count: 64)
            #expect(try await accept(other, in: "left", network: network).status == 4)
            #expect(try await accept(tip.block, in: "left", network: network).status == 4)
            #expect(try await accept("12", in: "left", network: network).status == 2)
            #expect(try await accept(block, in: "absent", network: network).status == 1)
            #expect(try await accept(block, in: "right", network: network).status == 1)
            #expect(!exists("absent"))
            let untouched = try folder.contents(of: "left") == before
            #expect(untouched)
        }

        private func accept(
            _ block: String,
            in data: String,
            network: String
        ) async throws -> NodeProcessFolder.Ending {
            try await folder.run([
                "chain", "accept-reorg", block, "--network", network, "--data",
                folder.path(of: data),
            ])
        }

        private func exists(_ name: String) -> Bool {
            FileManager.default.fileExists(atPath: folder.path(of: name))
        }
    }
}
