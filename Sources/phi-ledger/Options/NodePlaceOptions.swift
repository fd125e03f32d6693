import ArgumentParser
import PhiDaemon

/// Where a node keeps its data and whom it talks to, for every command that runs one.
struct NodePlaceOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: "The data folder (default: ~/.local/share/phi-ledger/NETWORK).",
        completion: .directory
    )
    var dataFolder: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Where to answer RPC (default: \(Configuration.standardRPC)).",
            valueName: "host:port"
        )
    )
    var rpc: String?

    @Option(
        name: .customLong("peer"),
        help: ArgumentHelp("A peer to call; may be repeated.", valueName: "[identity@]host:port")
    )
    var peers: [String] = []

    @OptionGroup var links: LinkOptions

    @Option(name: .long, help: .hidden)
    var lanInterface: [String] = []

    @Option(name: .long, help: "The least level of log lines (default: info).")
    var logLevel: String?

    /// Puts the options into settings.
    func apply(to draft: inout ConfigurationDraft) throws {
        draft.dataFolder = dataFolder
        draft.rpc = rpc
        draft.peers = peers
        draft.links = try links.texts()
        draft.lanInterfaces = lanInterface
        draft.logLevel = logLevel
    }
}
