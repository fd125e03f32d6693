import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

/// Chooses the peers that a meeting's link carries, so that it works with every seed dead.
enum Introductions {
    /// A peer that the node is connected with.
    struct Candidate {
        let identity: VerifyingKey
        let address: PeerAddress?
        let isInbound: Bool
        let since: Timestamp
    }

    /// Peers in a link that the product makes.
    static let limit = 3

    /// The node itself where others can call it, then those it has called, longest first.
    ///
    /// Addresses of one machine or one local network are told only where there are no others, and
    /// loopback addresses only where all nodes are meant to be in one local network.
    ///
    /// - Parameters:
    ///   - identity: The key of the node itself.
    ///   - addresses: Where the node can be called.
    ///   - peers: Those it is connected with.
    ///   - isLocal: Whether all nodes are meant to be in one local network.
    /// - Returns: Texts of the form `IDENTITY@HOST:PORT`.
    static func choose(
        _ identity: VerifyingKey,
        at addresses: [PeerAddress],
        peers: [Candidate],
        isLocal: Bool
    ) -> [String] {
        let called = peers.filter { !$0.isInbound }
            .sorted { ($0.since, $0.identity) < ($1.since, $1.identity) }
        let places =
            addresses.map { (identity: identity, address: $0) }
            + called.compactMap { peer in
                peer.address.map { (identity: peer.identity, address: $0) }
            }
        let usable = places.filter { isLocal || !$0.address.isLoopback }
        let open = usable.filter { isLocal || !$0.address.isLocal }
        return (open.isEmpty ? usable : open).prefix(limit)
            .map { "\($0.identity.hex)@\($0.address)" }
    }
}

extension Introductions.Candidate {
    init(_ peer: PeerStatus) {
        identity = peer.identity
        address = peer.address
        isInbound = peer.isInbound
        since = peer.since
    }
}
