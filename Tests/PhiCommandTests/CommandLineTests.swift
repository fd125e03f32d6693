import Testing

@Suite("The command line") struct CommandLineTests {
    @Test("helps with every command, with an example", arguments: Lines.commands)
    func help(command: [String]) throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(command + ["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("USAGE: phi-ledger"))
        #expect(outcome.errors.isEmpty)
        let isLeaf = !outcome.output.contains("SUBCOMMANDS:")
        #expect(!isLeaf || outcome.output.contains("Example"))
    }

    @Test(
        "ends with status 2 when it is wrong",
        arguments: Lines.wrongNode + Lines.wrongMeeting
    )
    func usage(arguments: [String]) throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.isEmpty)
    }

    @Test("writes completions for shells", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(["--generate-completion-script", shell])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("accept-reorg"))
    }

    @Test(
        "ends with status 3 when no node answers",
        arguments: [
            ["chain", "tip"], ["peer", "list"], ["miner", "status"], ["meeting", "list"],
            ["entry", "status", Lines.zeros], ["meeting", "minutes", Lines.zeros],
        ]
    )
    func unreachable(command: [String]) throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(command + ["--rpc-url", "http://127.0.0.1:1"])
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("node run"))
    }
}
