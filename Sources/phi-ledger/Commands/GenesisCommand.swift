import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiDaemon
import PhiLedger

/// Networks of one's own.
struct GenesisCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genesis",
        abstract: "Make and show the files that define networks.",
        subcommands: [GenesisCreate.self, GenesisShow.self]
    )
}

/// Makes a network.
struct GenesisCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a network of your own.",
        discussion: """
            All parameters come from the network given with --like, unless an option says otherwise.
            The difficulty to begin with is measured, so that one core of this machine finds a
            block in the interval, or given with --bits. Parameters that contradict each other are
            refused by name.

            Examples:
              phi-ledger genesis create --name club --interval 5000 -o club.json
              phi-ledger genesis create --name lab --like test --miners 4 --stamp-rate 0
            """
    )

    @Option(name: .long, help: "The network's name: small letters, digits and hyphens.")
    var name: String

    @Option(name: .long, help: "The prefix of its bech32m names: small letters.")
    var prefix: String?

    @Option(name: .shortAndLong, help: "The file to write; standard output unless given.")
    var output: String?

    @Option(name: .long, help: "The network to take parameters from: main, test, dev or a file.")
    var like = "test"

    @Option(name: .long, help: "The address of a peer to begin with; may be repeated.")
    var seed: [String] = []

    @Option(
        name: .long,
        help: "The target in compact form, 8 hexadecimal digits; measured unless given."
    )
    var bits: String?

    @Option(
        name: .long,
        help: "How many cores like this one mine in the beginning; sets the target."
    )
    var miners: Double = 1

    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
        guard miners.isFinite, (0.001...1_000_000).contains(miners) else {
            throw ValidationError("--miners must be 0.001 to 1000000.")
        }
        if let bits, bits.utf8.count != 8 || UInt32(bits, radix: 16) == nil {
            throw ValidationError("--bits must be 8 hexadecimal digits.")
        }
    }

    func run() async throws {
        Interrupt.begin()
        let base = try ConfigurationNetwork.document(like).network
        let chosen = try parameters.applied(to: base.parameters)
        let maker = GenesisMaker(parameters: chosen, time: WallClock.now)
        let target: Target
        if let bits, let compact = UInt32(bits, radix: 16) {
            target = try maker.target(compact: compact)
        } else {
            target = maker.target(miners: miners, hashesPerSecond: await maker.measure())
        }
        let network = try await maker.network(
            name: name,
            prefix: prefix ?? base.prefix,
            target: target
        )
        let document: GenesisDocument
        do { document = try GenesisDocument(network, seeds: seed) } catch {
            throw CommandFailure("The network cannot be made: \(error).", status: .usage)
        }
        guard let output else {
            return Terminal.standardOutput.write(document.serialized)
        }
        try PublicFile.write(document.serialized, to: output)
        format.console.emit(
            [
                "file": .string(output), "name": .string(name), "chain": .string(network.chain.hex),
                "bits": .string(String(network.genesis.bits, radix: 16)),
            ],
            "Wrote \(output): the network “\(name)”, chain \(network.chain.hex)."
        )
    }
}

/// Shows a network.
struct GenesisShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the file of a network, after checking it.",
        discussion: """
            Examples:
              phi-ledger genesis show
              phi-ledger genesis show --network club.json
            """
    )

    @OptionGroup var network: NetworkOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let document = try network.document()
        guard output.json else { return Terminal.standardOutput.write(document.serialized) }
        let json = (try? JSON(parsing: document.serialized)) ?? .null
        output.console.emit(json, "")
    }
}
