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
        height: Height,
        pingMilliseconds: UInt64?,
        since: Timestamp
    ) {
        self.peer = peer
        self.address = address
        self.isInbound = isInbound
        self.height = height
        self.pingMilliseconds = pingMilliseconds
        self.since = since
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("peer", .key, "The peer's key."),
        .always("address", .optional(.text(byteLimit: 300)), "Where it is, if known."),
        .always("direction", .choice(["inbound", "outbound"]), "Who called whom."),
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
        writer.member("height", height)
        writer.member("pingMs", ifAny: pingMilliseconds)
        writer.member("since", since)
        writer.endObject()
    }
}
