import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiDaemon

/// Peers of a node.
struct PeerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peer",
        abstract: "List, add, remove and ban the peers of a node.",
        subcommands: [PeerList.self, PeerAdd.self, PeerRemove.self, PeerBan.self]
    )
}

/// Lists peers.
struct PeerList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the peers that the node is connected with.",
        discussion: """
            Example:
              phi-ledger peer list --json
            """
    )

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let peers = try await node.with { client in
            var peers: [PeerDocument] = []
            var cursor: String?
            repeat {
                let page = try await client.peers(cursor: cursor)
                peers.append(contentsOf: page.items)
                cursor = page.next
            } while cursor != nil
            return peers
        }
        for peer in peers {
            let ping = peer.pingMilliseconds.map { "\($0) ms" } ?? "-"
            output.console.emit(
                peer,
                "\(peer.peer.hex)  \(peer.kind)  \(peer.found)  height \(peer.height)  "
                    + "ping \(ping)  \(peer.address ?? "-")"
            )
        }
    }
}

/// Adds a peer.
struct PeerAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Connect with a peer and keep trying.",
        discussion: """
            Examples:
              phi-ledger peer add phi.example:7181
              phi-ledger peer add 5ab0…@phi.example:7181
            """
    )

    @Argument(help: "HOST:PORT, or IDENTITY@HOST:PORT to insist on a key.")
    var address: String

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard Configuration.Peer(address) != nil else {
            throw ValidationError("“\(address)” is not HOST:PORT or IDENTITY@HOST:PORT.")
        }
    }

    func run() async throws {
        try await node.with { try await $0.addPeer(address) }
        output.console.emit(["address": .string(address)], "The node calls \(address).")
    }
}

/// Forgets a peer.
struct PeerRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "End the connection with a peer and forget its address.",
        discussion: """
            Example:
              phi-ledger peer remove 5ab0…
            """
    )

    @Argument(help: "The peer's key.")
    var peer: VerifyingKey

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await node.with { try await $0.removePeer(peer) }
        output.console.emit(["peer": .string(peer.hex)], "The peer is forgotten.")
    }
}

/// Refuses a peer.
struct PeerBan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ban",
        abstract: "Refuse a peer for a day.",
        discussion: """
            Example:
              phi-ledger peer ban 5ab0…
            """
    )

    @Argument(help: "The peer's key.")
    var peer: VerifyingKey

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await node.with { try await $0.banPeer(peer) }
        output.console.emit(["peer": .string(peer.hex)], "The peer is refused for a day.")
    }
}
