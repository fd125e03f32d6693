import Foundation
import Testing

extension NodeProcessTests {
    /// In each of these there is one way to a peer and no other.
    @Suite("A node that knows nobody", .timeLimit(.minutes(3))) struct WayInTests {
        #if os(Linux)
            private static let loop = "lo"
        #else
            private static let loop = "lo0"
        #endif
        /// Addresses of this machine where nobody listens.
        private static let dead = ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]

        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        /// Makes a network that no other test has, so that no other test's nodes answer.
        private func makeNetwork() async throws -> String {
            let ending = try await folder.run([
                "genesis", "create", "--name", "own", "--like", "dev", "--bits", "207fffff", "-o",
                "own.json",
            ])
            #expect(ending.status == 0, "\(ending.errors)")
            return folder.path(of: "own.json")
        }

        /// The same network with other seeds.
        private func network(_ network: String, seeds: [String]) throws -> String {
            let data = try Data(contentsOf: folder.file(network))
            var document = try #require(
                JSONSerialization.jsonObject(with: data) as? [String: Any]
            )
            document["seeds"] = seeds
            let path = folder.path(of: "seeds.json")
            try JSONSerialization.data(withJSONObject: document).write(to: folder.file(path))
            return path
        }

        /// A node with a few blocks, whose headers a newcomer can verify.
        private func host(_ network: String, _ more: String...) async throws -> NodeProcess {
            let node = try await NodeProcess(
                folder,
                "host",
                network: network,
                command: NodeProcess.run + more
            )
            try node.generate(3)
            return node
        }

        private func expectMeeting(of newcomer: NodeProcess, with host: NodeProcess) async throws {
            try await eventually("the first verified headers") {
                try newcomer.tip().height >= 3 && newcomer.tip() == host.tip()
            }
            #expect(try newcomer.peers() == [host.identity])
            for node in [newcomer, host] { try await node.stop() }
        }

        /// Opens a meeting and returns its link.
        private func link(at node: NodeProcess) async throws -> String {
            let made = try await folder.run([
                "identity", "create", "--no-passphrase", "--network", node.network,
                "--keystore", folder.path(of: "keys"),
            ])
            #expect(made.status == 0, "\(made.errors)")
            let opened = try await node.command(
                "meeting",
                "create",
                "--title",
                "Ways in",
                "--keystore",
                folder.path(of: "keys"),
                "--json"
            )
            #expect(opened.status == 0, "\(opened.errors)")
            try node.generate(1)
            return try #require(opened.document["link"].text)
        }

        @Test("meets one that its operator names")
        func manual() async throws {
            let host = try await host("dev")
            let newcomer = try await NodeProcess(folder)
            #expect(try await newcomer.command("peer", "add", host.address).status == 0)
            try await expectMeeting(of: newcomer, with: host)
        }

        @Test("meets the peer of a link, with every seed dead", arguments: ["run", "add", "join"])
        func link(way: String) async throws {
            let own = try await makeNetwork()
            let host = try await host(own)
            let link = try await link(at: host)
            let network = try network(own, seeds: Self.dead)
            let more = way == "run" ? ["--link", link] : []
            let newcomer = try await NodeProcess(
                folder,
                network: network,
                command: NodeProcess.run + more
            )
            if way == "add" {
                let ending = try await newcomer.command("peer", "add", link)
                #expect(ending.status == 0, "\(ending.errors)")
                #expect(ending.output.contains(host.address))
            }
            if way == "join" {
                // The node does not know the meeting yet, but it knows then whom to ask.
                let ending = try await newcomer.command(
                    "meeting",
                    "join",
                    link,
                    "--keystore",
                    folder.path(of: "keys")
                )
                #expect(ending.status == 1 || ending.status == 0, "\(ending.errors)")
            }
            try await expectMeeting(of: newcomer, with: host)
        }

        @Test("shuns a peer of a link that has another key")
        func otherKey() async throws {
            let own = try await makeNetwork()
            let host = try await host(own)
            let link = try await link(at: host)
            try await host.stop()
            let impostor = try await NodeProcess(
                folder,
                "other",
                network: own,
                command: ["run", "--listen", "127.0.0.1:\(host.peerPort)", "--local"]
            )
            let newcomer = try await NodeProcess(
                folder,
                network: own,
                command: NodeProcess.run + ["--link", link, "--log-level", "debug"]
            )
            try await eventually("a dial that fails") { newcomer.log.contains("a dial failed") }
            #expect(try newcomer.peers().isEmpty)
            #expect(try impostor.peers().isEmpty)
            for node in [newcomer, impostor] { try await node.stop() }
        }

        @Test("meets a seed of its genesis file")
        func seed() async throws {
            let own = try await makeNetwork()
            let host = try await host(own)
            let network = try network(own, seeds: Self.dead + [host.address])
            let newcomer = try await NodeProcess(folder, network: network)
            try await expectMeeting(of: newcomer, with: host)
        }

        @Test("meets a peer that it remembers from before")
        func disk() async throws {
            let host = try await host("dev")
            let newcomer = try await NodeProcess(
                folder,
                "newcomer",
                network: "dev",
                "--peer",
                host.address
            )
            try await eventually("the peer") { try newcomer.tip() == host.tip() }
            try await newcomer.stop()
            try host.generate(1)
            let again = try await NodeProcess(folder, "newcomer")
            try await expectMeeting(of: again, with: host)
        }

        @Test("meets the peers of its peer")
        func exchange() async throws {
            let host = try await host("dev")
            let middle = try await NodeProcess(
                folder,
                "middle",
                network: "dev",
                "--peer",
                host.address
            )
            try await eventually("the middle's peer") { try middle.tip() == host.tip() }
            let newcomer = try await NodeProcess(
                folder,
                "newcomer",
                network: "dev",
                "--peer",
                middle.address
            )
            try await eventually("both peers") {
                try Set(newcomer.peers()) == [host.identity, middle.identity]
            }
            try await middle.crash()
            try host.generate(1)
            try await expectMeeting(of: newcomer, with: host)
        }

        @Test("meets one on the local network that answers its question")
        func lan() async throws {
            let network = try await makeNetwork()
            let host = try await host(network, "--lan", "--lan-interface", Self.loop)
            let newcomer = try await NodeProcess(
                folder,
                network: network,
                command: NodeProcess.run + ["--lan", "--lan-interface", Self.loop]
            )
            try await expectMeeting(of: newcomer, with: host)
        }

        @Test("meets another ad-hoc node, and its link leads to it")
        func adHoc() async throws {
            let network = try await makeNetwork()
            let command = ["ad-hoc", "--port", "0", "--lan-interface", Self.loop]
            let host = try await NodeProcess(folder, "host", network: network, command: command)
            let newcomer = try await NodeProcess(folder, network: network, command: command)
            try await eventually("the meeting") {
                try newcomer.peers() == [host.identity] && host.peers() == [newcomer.identity]
            }
            let info = try host.call("node.info")
            #expect(info["miner"]["enabled"] == .bool(true), "\(info)")
            #expect(info["miner"]["dutyThousandths"] == .integer(20), "\(info)")
            #expect(info["callable"][0].text == host.address, "\(info)")
            for node in [newcomer, host] { try await node.stop() }
        }
    }
}
