import ArgumentParser
import PhiTransport

/// A peer that keeps to no rule: plays the hostile behaviors of the catalogue against one node.
@main
struct BadPeerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phi-ledger-badpeer",
        abstract: "Play hostile peers against a node, to see what it bears.",
        discussion: """
            LIST names behaviors by number or name: 1-6,25,stall. “all” means every one, and
            “list” prints the catalogue. Each connection has a key of its own and plays one of
            them; an ended connection is made anew with another key.

            Examples:
              phi-ledger-badpeer list
              phi-ledger-badpeer ping-flood --peer 127.0.0.1:7181 --network dev
              phi-ledger-badpeer all --peer 127.0.0.1:7181 --network g.json --count 50
            """
    )

    @Argument(help: "What to play: numbers, ranges, names, “all” or “list”.")
    var list: String

    @Option(name: .long, help: "Where the node listens for peers, as host:port.")
    var peer: String?

    @Option(name: .long, help: "The network: main, test, dev or a genesis file.")
    var network = "dev"

    @Option(name: .long, help: "Connections at once (default: one for each behavior).")
    var count: Int?

    @Option(name: .long, help: "Seconds to play.")
    var duration = 5.0

    @Option(name: .long, help: "Fixes keys and contents.")
    var seed: UInt64 = 1

    @Option(name: .long, help: "The address of this machine to call from.")
    var source: String?

    @Flag(name: .long, help: "Listen too and play against whoever calls.")
    var listen = false

    @Flag(name: .long, help: "Print the outcome as JSON.")
    var json = false

    func validate() throws {
        guard duration.isFinite, (0.1...86_400).contains(duration) else {
            throw ValidationError("--duration must be 0.1 to 86400.")
        }
        if let count, !(1...1_000).contains(count) {
            throw ValidationError("--count must be 1 to 1000.")
        }
        if let peer, PeerAddress(parsing: peer) == nil {
            throw ValidationError("--peer must be HOST:PORT.")
        }
        guard list == "list" || peer != nil || listen else {
            throw ValidationError("Name a node with --peer, or wait for one with --listen.")
        }
        if list != "list" { _ = try chosen() }
    }

    func run() async throws {
        guard list != "list" else { return Output.catalogue(json: json) }
        let stage = try Stage(
            network: try ChosenNetwork.named(network),
            target: peer.flatMap { PeerAddress(parsing: $0) },
            source: source,
            seed: seed,
            duration: .seconds(duration)
        )
        let behaviors = try chosen()
        try await Troupe(stage: stage, behaviors: behaviors, count: count, listens: listen).run()
        Output.outcome(stage.tally.outcomes, json: json)
    }

    private func chosen() throws -> [any Behavior.Type] {
        do { return try BehaviorList.parse(list) } catch {
            throw ValidationError("\(error)")
        }
    }
}
