public import PhiCrypto
public import PhiLedger

/// A peer that the node is connected with.
public struct PeerDocument: Document {
    /// The peer's key.
    public let peer: VerifyingKey
    /// Where the connection goes to or comes from, if known.
    public let address: String?
    /// Whether the peer called this node.
    public let isInbound: Bool
    /// What the connection is for, in one word.
    public let kind: String
    /// How the node found the peer, in one word.
    public let found: String
    /// The height that the peer last told.
    public let height: Height
    /// Milliseconds of the last ping, nil before the first answer.
    public let pingMilliseconds: UInt64?
    /// When the connection was made.
    public let since: Timestamp

    /// A document with every field given.
    public init(
        peer: VerifyingKey,
        address: String?,
        isInbound: Bool,
        kind: String,
        found: String,
        height: Height,
        pingMilliseconds: UInt64?,
        since: Timestamp
    ) {
        self.peer = peer
        self.address = address
        self.isInbound = isInbound
        self.kind = kind
        self.found = found
        self.height = height
        self.pingMilliseconds = pingMilliseconds
        self.since = since
    }

    /// What a connection can be for.
    public static let kinds = ["inbound", "outbound", "quiet", "feeler", "manual"]
    /// How a node can find a peer.
    public static let ways = ["manual", "link", "seed", "lan", "peers", "anchor", "incoming"]

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("peer", .key, "The peer's key."),
        .always("address", .optional(.text(byteLimit: 300)), "Where it is, if known."),
        .always("direction", .choice(["inbound", "outbound"]), "Who called whom."),
        .always("kind", .choice(kinds), "What the connection is for."),
        .always("found", .choice(ways), "How the node found the peer."),
        .always("height", .height, "The height that it last told."),
        .sometimes("pingMs", .count, "Milliseconds of the last ping."),
        .always("since", .time, "When the connection was made."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "peer")
        peer = try fields.fixed("peer")
        address = try fields.optional("address", fields.string)
        isInbound = try fields.string("direction") == "inbound"
        kind = try fields.string("kind")
        found = try fields.string("found")
        height = try fields.height("height")
        pingMilliseconds = try fields.optional("pingMs") { name throws(DocumentFailure) in
            try fields.integer(name)
        }
        since = try fields.time("since")
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("peer", peer)
        writer.member("address", orNull: address)
        writer.member("direction", isInbound ? "inbound" : "outbound")
        writer.member("kind", kind)
        writer.member("found", found)
        writer.member("height", height)
        writer.member("pingMs", ifAny: pingMilliseconds)
        writer.member("since", since)
        writer.endObject()
    }
}
