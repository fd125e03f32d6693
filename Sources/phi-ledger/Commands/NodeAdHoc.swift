import ArgumentParser
import PhiAPI
import PhiCrypto
import PhiDaemon

/// Runs a node for people in one room.
struct NodeAdHoc: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ad-hoc",
        abstract: "Run a node that finds others on the local network, until a signal ends it.",
        discussion: """
            For people in one room, with no server and no address to type: start this on two or more
            machines of one local network. Unlike “node run” it listens on the private addresses of
            this machine, searches the local network by multicast and answers there, and mines.
            RPC stays on this machine. Ctrl-C ends it; its data stays in the data folder.

            Examples:
              phi-ledger node ad-hoc
              phi-ledger node ad-hoc --network room.json
              phi-ledger node ad-hoc --peer 5ab0…@192.168.1.7:7181     where multicast is blocked

            Then, beside it:
              phi-ledger identity create --network dev
              phi-ledger meeting create --network dev --title "Stand-up"
              phi-ledger meeting join --network dev LINK      on the other machines
            """
    )

    @Option(
        name: .long,
        help: ArgumentHelp("The network: main, test, dev or a genesis file.", valueName: "network")
    )
    var network = "dev"

    @Option(name: .long, help: "The port to take peers' connections at; 0 lets the system choose.")
    var port: UInt16 = 7181

    @OptionGroup var place: NodePlaceOptions

    @Flag(inversion: .prefixedNo, help: "Mine blocks, with a fiftieth of a core.")
    var mine = true

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let configuration = try settings()
        let network = network
        try await NodeProgram.run(configuration, console: output.console) { announcement in
            let places = announcement.peers.map { "\(announcement.identity.hex)@\($0)" }
            return """

                It listens on the local network at the addresses named “peers”, where everybody of
                this network can connect, and asks and answers there by multicast.
                On another machine of the local network:
                  phi-ledger node ad-hoc --network \(network)
                and where nothing is found, with:
                \(places.map { "  --peer \($0)" }.joined(separator: "\n"))
                Then open a meeting here and join it there:
                  phi-ledger meeting create --network \(network) --title "Stand-up"
                  phi-ledger meeting join --network \(network) LINK
                """
        }
    }

    private func settings() throws -> Configuration {
        let hosts = try Configuration.privateHosts(on: place.lanInterface)
        guard !hosts.isEmpty else {
            throw CommandFailure(
                "This machine has no address in a local network; join one, or use “node run”."
            )
        }
        var draft = ConfigurationDraft()
        draft.network = network
        try place.apply(to: &draft)
        draft.listen = hosts.map { "\($0):\(port)" }
        draft.isMining = mine
        draft.miningDuty = 0.02
        draft.isLocal = true
        draft.searchesLAN = true
        return try Configuration(draft)
    }
}
