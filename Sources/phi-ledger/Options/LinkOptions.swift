import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiDaemon
import PhiMeetings

/// Links whose peers a node shall call.
struct LinkOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A meeting's link whose peers are called; may be repeated; - reads standard input.",
            valueName: "link"
        )
    )
    var link: [String] = []

    /// The links, that of standard input in its place.
    func texts() throws -> [String] {
        try link.map { try $0 == "-" ? StandardInput.line() : $0 }
    }
}

extension MeetingReference {
    /// Peers that came with it, as `peer.add` wants them.
    var peers: [String] {
        guard case .link(let link) = self else { return [] }
        return link.peers.compactMap(Configuration.Peer.init).map(\.description)
    }
}

extension NodeClient {
    /// Tells the node of the peers that a link carries, where this client may.
    ///
    /// A link is used to reach its meeting, with the node's token or without: what the node refuses
    /// here hinders nothing.
    func introduce(_ reference: MeetingReference) async {
        for peer in reference.peers { try? await addPeer(peer, via: .link) }
    }
}
