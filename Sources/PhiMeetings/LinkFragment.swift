public import PhiCrypto
import PhiLedger

/// A node that a link names, so that it works with every published seed dead.
public struct LinkPeer: Hashable, Sendable {
    /// Bytes of an address.
    public static let addressByteCount = 19

    /// Kind, 16 bytes of IP, and the port big-endian, as nodes exchange addresses.
    public let address: [UInt8]
    /// The key that the node must prove to hold.
    public let identity: VerifyingKey

    /// A peer, or nil when the address has not its one length.
    public init?(address: [UInt8], identity: VerifyingKey) {
        guard address.count == Self.addressByteCount else { return nil }
        self.address = address
        self.identity = identity
    }

    /// The port that the address ends in.
    public var port: UInt16 { UInt16(address[17]) << 8 | UInt16(address[18]) }
}

/// The part of a link behind `#`, which browsers never send.
///
/// Layout: version 1, flags 1, secret 32 when flag bit 0 is set, count of peers 1, and for each
/// peer its address 19 and identity 32.
enum LinkFragment {
    static let version: UInt8 = 1
    static let hasSecret: UInt8 = 1
    static let peerLimit: UInt8 = 4

    static func encode(secret: MeetingSecret?, peers: [LinkPeer]) -> String {
        var bytes: [UInt8] = [version, secret == nil ? 0 : hasSecret]
        if let secret { bytes.append(contentsOf: secret.exposed()) }
        bytes.append(UInt8(peers.count))
        for peer in peers {
            bytes.append(contentsOf: peer.address)
            peer.identity.append(to: &bytes)
        }
        return Base64Text.url.encode(bytes)
    }

    static func decode(
        _ text: some Collection<UInt8>
    ) throws(LinkFailure) -> (secret: MeetingSecret?, peers: [LinkPeer]) {
        guard let bytes = Base64Text.url.decode(text) else { throw .fragmentNotBase64 }
        var reader = ByteReader(bytes)
        do throws(DecodingFailure) {
            let found = try reader.integer("link version", as: UInt8.self)
            guard found == version else {
                throw .unknown(field: "link version", found: UInt64(found))
            }
            let flags = try reader.integer("link flags", as: UInt8.self)
            guard flags & ~hasSecret == 0 else {
                throw .unknown(field: "link flags", found: UInt64(flags))
            }
            var secret: MeetingSecret?
            if flags & hasSecret != 0 {
                secret = MeetingSecret(try reader.take(MeetingSecret.byteCount, "secret"))
            }
            let count = try reader.integer("peer count", atMost: peerLimit)
            var peers: [LinkPeer] = []
            for _ in 0..<count {
                let address = try reader.take(LinkPeer.addressByteCount, "peer address")
                let identity: VerifyingKey = try reader.fixed("peer identity")
                if let peer = LinkPeer(address: address, identity: identity) { peers.append(peer) }
            }
            try reader.finish()
            return (secret, peers)
        } catch { throw .fragment(error) }
    }
}
