import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiDaemon
import PhiLedger
import PhiMeetings

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
        abstract: "Connect with a peer, or with those of a link, and keep trying.",
        discussion: """
            A meeting's link carries up to four peers. They are called by their addresses, each
            with its key; the link's secret does not leave this program.

            Examples:
              phi-ledger peer add phi.example:7181
              phi-ledger peer add 5ab0…@phi.example:7181
              phi-ledger peer add - < link.txt
            """
    )

    @Argument(
        help: """
            HOST:PORT, or IDENTITY@HOST:PORT to insist on a key, or a meeting's link (- reads it \
            from standard input).
            """
    )
    var address: String

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard isLink || Configuration.Peer(address) != nil else {
            throw ValidationError(
                "“\(address)” is not HOST:PORT, IDENTITY@HOST:PORT or a meeting's link."
            )
        }
    }

    func run() async throws {
        let (peers, origin) = try isLink ? (linked(), PeerOrigin.link) : ([address], .manual)
        try await node.with { client in
            for peer in peers { try await client.addPeer(peer, via: origin) }
        }
        for peer in peers {
            output.console.emit(["address": .string(peer)], "The node calls \(peer).")
        }
    }

    private var isLink: Bool {
        address == "-" || address.contains("#") || address.lowercased().hasPrefix("phi:")
            || address.contains("/")
    }

    private func linked() throws -> [String] {
        let text = address == "-" ? try StandardInput.line() : address
        let prefix = try node.network.document().network.prefix
        let peers: [String]
        do { peers = try MeetingReference(text, prefix: prefix).peers } catch {
            throw ParticipantFailure.link(error)
        }
        guard !peers.isEmpty else { throw CommandFailure("The link carries no peers.") }
        return peers
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
