public import PhiCrypto

/// What a host shares: a meeting's id, the secret that lets people in, and where to find a node.
public struct MeetingLink: Hashable, Sendable {
    /// Characters of a link at most.
    public static let characterLimit = 1_024
    /// Peers in a link at most.
    public static let peerLimit = Int(LinkFragment.peerLimit)

    /// The meeting.
    public let meeting: Digest
    /// The prefix of the meeting's network.
    public let prefix: String
    /// The secret; nil where everybody may read and write.
    public let secret: MeetingSecret?
    /// Nodes to ask, four at most.
    public let peers: [LinkPeer]

    /// A link of given parts; of the peers, the first four count.
    public init(
        meeting: Digest,
        prefix: String,
        secret: MeetingSecret? = nil,
        peers: [LinkPeer] = []
    ) {
        self.meeting = meeting
        self.prefix = prefix
        self.secret = secret
        self.peers = Array(peers.prefix(Self.peerLimit))
    }

    /// Reads either form of a link.
    ///
    /// - Parameters:
    ///   - text: `phi:<meeting>#<fragment>` or `https://<node>/m/<meeting>#<fragment>`; the
    ///     fragment is missing where the link has neither secret nor peers.
    ///   - prefix: The prefix of the network that the reader is on.
    /// - Throws: The rule of links that the text breaks.
    public init(_ text: String, prefix: String) throws(LinkFailure) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.characterLimit else {
            throw .tooLong(limit: Self.characterLimit, found: bytes.count)
        }
        let hash = bytes.firstIndex(of: UInt8(ascii: "#"))
        let name = try LinkAddress.name(in: Array(bytes[..<(hash ?? bytes.count)]))
        meeting = try MeetingName.decode(name, prefix: prefix)
        self.prefix = prefix
        guard let hash else {
            secret = nil
            peers = []
            return
        }
        (secret, peers) = try LinkFragment.decode(bytes[(hash + 1)...])
    }

    /// The form for the command line and for installed clients.
    public var text: String { "phi:" + tail }

    /// The form for browsers.
    ///
    /// - Parameter node: The scheme and host of a node's page, such as `https://phi.example`.
    /// - Returns: The link.
    public func webText(node: String) -> String {
        let base = node.hasSuffix("/") ? String(node.dropLast()) : node
        return base + LinkAddress.path + tail
    }

    private var tail: String {
        let name = MeetingName.encode(meeting, prefix: prefix)
        guard secret != nil || !peers.isEmpty else { return name }
        return name + "#" + LinkFragment.encode(secret: secret, peers: peers)
    }
}
