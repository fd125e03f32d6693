import Foundation
import Testing

extension NodeProcessTests {
    @Suite("Two nodes", .timeLimit(.minutes(3))) struct PairTests {
        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        @Test("meet, part and shun each other as the command line says")
        func peers() async throws {
            let left = try await NodeProcess(folder, "left")
            let right = try await NodeProcess(folder, "right")
            try right.generate(4)
            #expect(try await left.command("peer", "add", right.address).status == 0)
            try await eventually("the same chain") { try left.tip() == right.tip() }
            let list = try await left.command("peer", "list", "--json")
            #expect(list.status == 0)
            #expect(list.document["peer"].text == right.identity)

            #expect(try await left.command("peer", "remove", right.identity).status == 0)
            try await eventually("the parting") { try right.peers().isEmpty }
            #expect(try left.peers().isEmpty)
            let absent = try await left.command("peer", "remove", right.identity)
            #expect(absent.status == 1)
            #expect(absent.errors.contains("peer"), "\(absent.errors)")

            #expect(try await left.command("peer", "add", right.address).status == 0)
            try await eventually("the peer again") { try !left.peers().isEmpty }
            #expect(try await left.command("peer", "ban", right.identity).status == 0)
            try await eventually("the ban") { try left.peers().isEmpty }
            try await right.stop()
            let banned = try await NodeProcess(
                folder,
                "right",
                network: "dev",
                "--peer",
                left.address
            )
            let other = try await NodeProcess(
                folder,
                "other",
                network: "dev",
                "--peer",
                left.address
            )
            try await eventually("another peer") { try left.peers() == [other.identity] }
            #expect(try banned.peers().isEmpty)
            for node in [left, banned, other] { try await node.stop() }
        }

        @Test("start and stop mining as the command line says")
        func miner() async throws {
            let node = try await NodeProcess(folder)
            let before = try await node.command("miner", "status", "--json")
            #expect(before.document["enabled"] == .bool(false), "\(before)")
            #expect(try await node.command("miner", "start", "--duty-percent", "50").status == 0)
            try await eventually("a mined block") { try node.tip().height > 0 }
            let during = try await node.command("miner", "status", "--json")
            #expect(during.document["enabled"] == .bool(true), "\(during)")
            #expect(during.document["dutyThousandths"] == .integer(500), "\(during)")
            #expect(try await node.command("miner", "stop").status == 0)
            let after = try await node.command("miner", "status", "--json")
            #expect(after.document["enabled"] == .bool(false), "\(after)")
            let height = try node.tip().height
            let generated = try await node.command("miner", "generate", "3", "--json")
            #expect(generated.status == 0)
            #expect(try node.tip().height >= height + 3)
            try await node.stop()
        }

        @Test("do not generate blocks where work counts")
        func noGenerate() async throws {
            let node = try await NodeProcess(folder, network: "test")
            let ending = try await node.command("miner", "generate", "3")
            #expect([1, 4].contains(ending.status), "\(ending.errors)")
            #expect(ending.errors.split(separator: "\n").count == 1, "\(ending.errors)")
            #expect(try node.tip().height == 0)
            try await node.stop()
        }

        @Test("of different networks do not talk")
        func otherNetwork() async throws {
            let node = try await NodeProcess(folder, "dev")
            let stranger = try await NodeProcess(
                folder,
                "test",
                network: "test",
                "--peer",
                node.address
            )
            let friend = try await NodeProcess(
                folder,
                "friend",
                network: "dev",
                "--peer",
                node.address
            )
            try await eventually("a peer") { try node.peers() == [friend.identity] }
            #expect(try stranger.peers().isEmpty)
            for process in [node, stranger, friend] { try await process.stop() }
        }
    }
}
