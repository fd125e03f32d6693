import ArgumentParser
import PhiDaemon

/// The node itself.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Run a node.",
        subcommands: [NodeRun.self, NodeAdHoc.self]
    )
}

/// Runs a node until a signal ends it.
struct NodeRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a node until a signal ends it.",
        discussion: """
            Settings come from the file given with --config; what stands on the command line comes
            before it. Addresses are HOST:PORT; port 0 lets the system choose.

            Examples:
              phi-ledger node run --network dev --mine
              phi-ledger node run --listen 0.0.0.0:7181 --peer phi.example:7181
              phi-ledger node run --network test --link - < link.txt
              phi-ledger node run --config /etc/phi-ledger.toml

            A configuration file:
              network = "main"
              listen = ["0.0.0.0:7181"]
              peers = ["phi.example:7181"]
              [rpc]
              listen = "127.0.0.1:7180"
              [mine]
              enabled = true
              duty = 0.1
            """
    )

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The network: main, test, dev or a genesis file (default: main).",
            valueName: "network"
        )
    )
    var network: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Where to listen for peers (default: \(Configuration.standardListen)).",
            valueName: "host:port"
        )
    )
    var listen: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("An address to tell others.", valueName: "host:port")
    )
    var advertise: [String] = []

    @OptionGroup var place: NodePlaceOptions

    @Flag(inversion: .prefixedNo, help: "Search the local network for nodes, and answer there.")
    var lan: Bool?

    @Flag(inversion: .prefixedNo, help: "Mine blocks.")
    var mine: Bool?

    @Option(
        name: .customLong("mine-duty"),
        help: "The share of one core that mining takes, 0.001 to 1 (default: 0.1)."
    )
    var miningDuty: Double?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Bytes a second to all peers together, such as 500k or 2M (default: no limit).",
            valueName: "rate"
        )
    )
    var maxUpload: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Bytes a second from all peers together, such as 500k or 2M (default: no limit).",
            valueName: "rate"
        )
    )
    var maxDownload: String?

    @Flag(name: .long, help: "Let everybody read and submit over RPC.")
    var rpcPublic = false

    @Flag(name: .long, help: "Let RPC leave this machine without TLS.")
    var rpcInsecure = false

    @Option(name: .long, help: "The certificate chain of RPC, PEM.", completion: .file())
    var rpcTlsCertificate: String?

    @Option(name: .long, help: "The key of that certificate, PEM.", completion: .file())
    var rpcTlsKey: String?

    @Option(name: .long, help: "A name by which browsers may reach RPC; may be repeated.")
    var rpcHostName: [String] = []

    @Flag(name: .long, help: "Offer the methods that sign with the node's own keystore.")
    var nodeKeystore = false

    @Flag(name: .long, help: "All peers are on this machine or network: relay without delay.")
    var local = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Mean of the random delay before entries are announced (default: 100 to peers called, "
                + "200 to peers that called, 2 with --local).",
            valueName: "milliseconds"
        )
    )
    var relayDelay: Int?

    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp(
            "Set the node's clock ahead, or back, in trials; refused on main and test.",
            valueName: "milliseconds"
        )
    )
    var clockOffset: Int?

    @Option(name: .long, help: "Work of a chain below which no headers are kept, in hex digits.")
    var minimumChainWork: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A block up to which signatures and stamps are taken on trust.",
            valueName: "hash"
        )
    )
    var assumeValid: String?

    @Option(
        name: .long,
        help: "A TOML file with settings.",
        completion: .file(extensions: ["toml"])
    )
    var config: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await NodeProgram.run(try settings(), console: output.console)
    }

    private func settings() throws -> Configuration {
        var flags = ConfigurationDraft()
        flags.network = network
        try place.apply(to: &flags)
        flags.listen = listen
        flags.searchesLAN = lan
        flags.advertise = advertise
        flags.isMining = mine
        flags.miningDuty = miningDuty
        flags.uploadLimit = maxUpload
        flags.downloadLimit = maxDownload
        flags.isRPCPublic = rpcPublic ? true : nil
        flags.allowsInsecureRPC = rpcInsecure ? true : nil
        flags.certificateFile = rpcTlsCertificate
        flags.certificateKeyFile = rpcTlsKey
        flags.rpcHostNames = rpcHostName
        flags.usesNodeKeystore = nodeKeystore ? true : nil
        flags.isLocal = local ? true : nil
        flags.relayDelay = relayDelay
        flags.clockOffset = clockOffset
        flags.minimumChainWork = minimumChainWork
        flags.assumeValid = assumeValid
        let file = try config.map { path throws(ConfigurationFailure) in
            try ConfigurationFile.read(path)
        }
        return try Configuration((file ?? ConfigurationDraft()).overridden(by: flags))
    }
}
