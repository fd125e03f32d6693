import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto

/// The miner of a node.
struct MinerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "miner",
        abstract: "Start, stop and watch the miner of a node.",
        subcommands: [MinerStart.self, MinerStop.self, MinerStatus.self, MinerGenerate.self]
    )
}

/// Turns the miner on.
struct MinerStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Let the node mine.",
        discussion: """
            Example:
              phi-ledger miner start --duty-percent 25
            """
    )

    @Option(name: .long, help: "The share of one core, 1 to 100 percent.")
    var dutyPercent: Int?

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let dutyPercent, !(1...100).contains(dutyPercent) {
            throw ValidationError("--duty-percent must be 1 to 100.")
        }
    }

    func run() async throws {
        let state = try await node.with { client in
            try await client.setMiner(isEnabled: true, dutyPercent: dutyPercent)
        }
        output.console.emit(state, "The node mines.")
    }
}

/// Turns the miner off.
struct MinerStop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Let the node stop mining.",
        discussion: """
            Example:
              phi-ledger miner stop
            """
    )

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let state = try await node.with { try await $0.setMiner(isEnabled: false) }
        output.console.emit(state, "The node does not mine.")
    }
}

/// Tells what the miner does.
struct MinerStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell whether the node mines, and how fast.",
        discussion: """
            Example:
              phi-ledger miner status --json
            """
    )

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let miner = try await node.with { try await $0.info().miner }
        output.console.emit(
            [
                "enabled": .bool(miner.isEnabled),
                "dutyThousandths": .integer(Int64(miner.duty)),
                "hashRate": .integer(Int64(clamping: miner.hashRate)),
            ],
            "\(miner.isEnabled ? "on" : "off"), \(Double(miner.duty) / 10) % of one core, "
                + "\(Wording.count(Double(miner.hashRate)))H/s"
        )
    }
}

/// Mines on demand.
struct MinerGenerate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Mine blocks at once, on a development network.",
        discussion: """
            Example:
              phi-ledger miner generate 12 --network dev
            """
    )

    @Argument(help: "How many blocks, 1 to 1000.")
    var count: Int

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1_000).contains(count) else {
            throw ValidationError("The number of blocks must be 1 to 1000.")
        }
    }

    func run() async throws {
        let hashes = try await node.with { try await $0.generate(count) }
        if output.json {
            output.console.emit(["blocks": .array(hashes.map { .string($0.hex) })], "")
        } else {
            for hash in hashes { Terminal.standardOutput.line(hash.hex) }
        }
    }
}
