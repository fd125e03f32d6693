import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension NodeProcessTests {
    @Suite("A chat on a terminal", .timeLimit(.minutes(5))) struct ChatTests {
        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        private func identity(_ name: String) async throws {
            let ending = try await folder.run([
                "identity", "create", "--network", "dev", "--no-passphrase", "--keystore",
                folder.path(of: name),
            ])
            #expect(ending.status == 0, "\(ending.errors)")
        }

        private func keys(_ name: String) -> [String] { ["--keystore", folder.path(of: name)] }

        /// Opens a private meeting and answers its link.
        private func open(at node: NodeProcess, by name: String) async throws -> String {
            let ending = try await folder.run(
                ["meeting", "create", "--title", "Garden", "--json"] + keys(name) + node.options
            )
            #expect(ending.status == 0, "\(ending.errors)")
            return try #require(ending.document["link"].text)
        }

        private func say(
            _ text: String,
            by name: String,
            in link: String,
            at node: NodeProcess
        ) async throws {
            let ending = try await folder.run(
                ["send", "message", link, text] + keys(name) + node.options
            )
            #expect(ending.status == 0, "\(ending.errors)")
        }

        private func ended(_ process: Process) async throws -> Int32 {
            try await eventually("the end of the chat") { !process.isRunning }
            return process.terminationReason == .exit
                ? process.terminationStatus : -process.terminationStatus
        }

        @Test("shows what one says pending, then recorded, and what another says at once")
        func talk() async throws {
            let here = try await NodeProcess(folder, "here")
            let there = try await NodeProcess(
                folder,
                "there",
                network: "dev",
                "--peer",
                here.address
            )
            try await eventually("the peer") { try !here.peers().isEmpty }
            for name in ["ada", "bob"] { try await identity(name) }
            let link = try await open(at: here, by: "ada")
            try here.generate(1)
            try await eventually("the same chain") { try here.tip() == there.tip() }

            let terminal = try PseudoTerminal()
            let before = terminal.settings
            let arguments = ["chat", link, "--name", "Ada"] + keys("ada") + here.options
            let chat = try folder.spawn(arguments, at: terminal)
            try await eventually("the chat: \(terminal.text)") {
                terminal.text.contains("live") && terminal.text.contains("is called Ada")
            }
            #expect(terminal.settings != before)
            terminal.type("hellx\u{7f}o\u{1b}[Dx\u{8}\r")
            try await eventually("the mark of pending: \(terminal.text)") {
                terminal.rows.contains { $0.contains(" ~@Ada: hello") }
            }
            try here.generate(1)
            try await eventually("the mark of a block: \(terminal.text)") {
                terminal.rows.contains { $0.contains(" +@Ada: hello") }
            }
            try await eventually("the same chain") { try here.tip() == there.tip() }
            try await say("evil\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}5n", by: "bob", in: link, at: there)
            try await eventually("the other's message: \(terminal.text)") {
                terminal.rows.contains { $0.contains("evil\u{FFFD}]0;x") }
            }
            #expect(terminal.bytes.firstRange(of: Array("\u{1b}]".utf8)) == nil)
            #expect(!terminal.bytes.contains(0x07))

            terminal.resize(rows: 10, columns: 40, telling: chat)
            try await eventually("the smaller screen: \(terminal.text)") {
                terminal.rows[8].contains("live") && terminal.rows[9].hasPrefix(">")
            }
            #expect(terminal.rows.contains { $0.contains("hello") })

            terminal.type("\u{3}")
            #expect(try await ended(chat) == 0, "\(terminal.text)")
            #expect(terminal.settings == before)
            #expect(String(decoding: terminal.bytes, as: UTF8.self).hasSuffix("\u{1b}[?1049l"))
            for node in [here, there] { try await node.stop() }
        }

        /// Opens the chat and waits until its person has a name there.
        private func enter(
            _ link: String,
            as name: String,
            at node: NodeProcess
        ) async throws -> (terminal: PseudoTerminal, chat: Process) {
            let terminal = try PseudoTerminal(rows: 40, columns: 120)
            let chat = try folder.spawn(
                ["chat", link, "--name", name] + keys(name) + node.options,
                at: terminal
            )
            try await shown("is called \(name)", on: terminal)
            return (terminal, chat)
        }

        private func shown(_ text: String, on terminal: PseudoTerminal) async throws {
            try await eventually("“\(text)” on the terminal: \(terminal.text)") {
                terminal.text.contains(text)
            }
        }

        @Test("goes on under a new key for who stays, and tells who was shut out")
        func newEpoch() async throws {
            let node = try await NodeProcess(folder)
            for name in ["ada", "bob", "cleo"] { try await identity(name) }
            let link = try await open(at: node, by: "ada")
            try node.generate(1)
            let bob = try await enter(link, as: "bob", at: node)
            let cleo = try await enter(link, as: "cleo", at: node)
            // Only those get the new secret of whom the chain shows that they had the old one.
            bob.terminal.type("bob is here\r")
            cleo.terminal.type("cleo is here\r")
            for terminal in [bob.terminal, cleo.terminal] {
                try await shown("bob is here", on: terminal)
                try await shown("cleo is here", on: terminal)
            }
            try await eventually("all entries in the pool") {
                try node.call("mempool.info")["entries"].integer ?? 0 >= 6
            }
            try node.generate(1)
            for terminal in [bob.terminal, cleo.terminal] {
                try await shown("+ cleo: cleo is here", on: terminal)
            }
            let history = try await folder.run(
                ["history", link, "--json"] + keys("cleo") + node.options
            )
            let author = try #require(
                history.output.split(separator: "\n")
                    .map { NodeProcessValue(parsing: String($0).utf8) }
                    .first { $0["content"]["text"].text == "cleo is here" }?["author"].text
            )
            let revoked = try await folder.run(
                ["meeting", "revoke", link, author, "--json"] + keys("ada") + node.options
            )
            #expect(revoked.status == 0, "\(revoked.errors)")
            try node.generate(1)
            try await shown("shut one author out", on: bob.terminal)
            try await shown("shut you out", on: cleo.terminal)
            try await shown("nor read what is said from now on", on: cleo.terminal)
            try await say("under the new key", by: "ada", in: link, at: node)
            try await shown("under the new key", on: bob.terminal)
            bob.terminal.type("bob reads on\r")
            try await eventually("the messages in the pool") {
                try node.call("mempool.info")["entries"].integer ?? 0 >= 2
            }
            try node.generate(1)
            try await shown("+ bob: bob reads on", on: bob.terminal)
            try await eventually("sealed lines: \(cleo.terminal.text)") {
                let sealed = cleo.terminal.rows.filter {
                    $0.contains("a secret that you do not have")
                }
                return sealed.contains { $0.contains("bob --") }
            }
            #expect(!String(decoding: cleo.terminal.bytes, as: UTF8.self).contains("new key"))
            #expect(!String(decoding: cleo.terminal.bytes, as: UTF8.self).contains("reads on"))
            #expect(cleo.terminal.text.contains("bob is here"))
            for (terminal, chat) in [bob, cleo] {
                terminal.type("/quit\r")
                #expect(try await ended(chat) == 0, "\(terminal.text)")
            }
            try await node.stop()
        }

        @Test("gives the terminal back at a signal", arguments: [SIGTERM, SIGHUP, SIGINT])
        func signals(number: Int32) async throws {
            let node = try await NodeProcess(folder)
            try await identity("ada")
            let link = try await open(at: node, by: "ada")
            let terminal = try PseudoTerminal()
            let before = terminal.settings
            let chat = try folder.spawn(
                ["chat", link, "--name", "Ada"] + keys("ada") + node.options,
                at: terminal
            )
            try await eventually("the chat: \(terminal.text)") { terminal.text.contains("live") }
            kill(chat.processIdentifier, number)
            #expect(try await ended(chat) == (number == SIGINT ? 130 : -number))
            #expect(terminal.settings == before)
            try await node.stop()
        }

        @Test("keeps what is written while the node is away, and sends it once")
        func offline() async throws {
            let first = try await NodeProcess(folder)
            let address = "127.0.0.1:\(first.rpcPort)"
            try await identity("ada")
            let link = try await open(at: first, by: "ada")
            try first.generate(1)
            let terminal = try PseudoTerminal()
            let chat = try folder.spawn(
                ["chat", link, "--name", "Ada"] + keys("ada") + first.options,
                at: terminal
            )
            try await eventually("the chat: \(terminal.text)") {
                terminal.text.contains("is called Ada")
            }
            try await first.crash()
            try await eventually("the loss: \(terminal.text)") {
                terminal.text.contains("offline")
            }
            terminal.type("patience\r")
            try await eventually("the message: \(terminal.text)") {
                terminal.rows.contains { $0.contains(" >@Ada: patience") }
            }
            let second = try await NodeProcess(
                folder,
                "data",
                network: "dev",
                "--rpc",
                address
            )
            try await eventually("the node again: \(terminal.text)") {
                try second.call("mempool.info")["entries"].integer ?? 0 > 1
            }
            try second.generate(1)
            try await eventually("the mark of a block: \(terminal.text)") {
                terminal.rows.contains { $0.contains(" +@Ada: patience") }
            }
            #expect(terminal.rows.count { $0.contains("patience") } == 1)
            terminal.type("/quit\r")
            #expect(try await ended(chat) == 0)
            try await second.stop()
        }

        @Test("without a terminal takes lines and gives lines")
        func lines() async throws {
            let node = try await NodeProcess(folder)
            try await identity("ada")
            let link = try await open(at: node, by: "ada")
            try Data("first\n\n/second\n".utf8).write(to: folder.file("input"))
            let ending = try await folder.run(
                ["chat", link, "--name", "Ada", "--json"] + keys("ada") + node.options,
                input: "input"
            )
            #expect(ending.status == 0, "\(ending.errors)")
            let documents = ending.output.split(separator: "\n").map {
                NodeProcessValue(parsing: String($0).utf8)
            }
            let said = documents.compactMap { $0["content"]["text"].text }
            #expect(said == ["first", "/second"])
            #expect(documents.compactMap { $0["content"]["name"].text } == ["Ada"])
            try await node.stop()
        }
    }
}
