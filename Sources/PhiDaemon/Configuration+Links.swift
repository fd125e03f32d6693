import PhiCrypto
import PhiLedger
public import PhiMeetings
import PhiTransport
import PhiWire

extension Configuration {
    /// The peers that links carry, each once.
    static func linkPeers(
        _ texts: [String],
        prefix: String
    ) throws(ConfigurationFailure) -> [Peer] {
        var peers: [Peer] = []
        for text in texts {
            let link: MeetingLink
            do { link = try MeetingLink(text, prefix: prefix) } catch {
                // The text may hold a secret, so it is not repeated.
                throw .wrongValue(
                    field: "link",
                    value: "…",
                    remedy: "it is no link of a meeting on this network (\(error))"
                )
            }
            for peer in link.peers.compactMap(Peer.init) where !peers.contains(peer) {
                peers.append(peer)
            }
        }
        return peers
    }
}

extension Configuration.Peer {
    /// A peer that a link names, its key pinned; nil for an address that nobody can call.
    public init?(_ peer: LinkPeer) {
        var reader = ByteReader(peer.address)
        guard let place = try? PhiWire.PeerAddress(from: &reader), place.port > 0,
            !place.isUnspecified, !place.isMulticast, !place.isBroadcast
        else { return nil }
        self.init(
            PhiTransport.PeerAddress(host: place.host, port: place.port),
            identity: peer.identity
        )
    }
}

extension Configuration.Peer: CustomStringConvertible {
    /// The peer as ``init(_:)-(String)`` reads it.
    public var description: String {
        identity.map { "\($0.hex)@\(address)" } ?? "\(address)"
    }
}
