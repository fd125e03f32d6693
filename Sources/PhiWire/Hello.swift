public import PhiCrypto
public import PhiLedger

/// The first message of either side: who speaks, about which chain, and what it can serve.
public struct Hello: Hashable, Sendable {
    /// The only version of the protocol.
    public static let protocolVersion: UInt16 = 1
    /// Bytes of the encoding without the node record.
    public static let fixedByteCount =
        2 + 32 + NetworkParameters.byteCount + TipClaim.byteCount + 4 + 4 + 8
        + PeerAddress.byteCount + 2

    /// The hash of the genesis block.
    public let chain: Digest
    /// The network's parameters, so that a refusal can name the difference.
    public let parameters: NetworkParameters
    /// The end of the sender's best chain.
    public let tip: TipClaim
    /// The lowest block whose message payloads the sender still has.
    public let payloadsFrom: Height
    /// The lowest block whose envelopes the sender still has.
    public let envelopesFrom: Height
    /// The stamp work for each byte, rounded down, below which the sender takes no entries.
    ///
    /// The bytes are those that the stamp rule counts: envelope, payload and stamp base.
    public let minimumDensity: UInt64
    /// The other side's address as the sender sees it.
    public let observedAddress: PeerAddress
    /// The sender's own record; nil when it has none to show.
    public let record: NodeRecord?

    /// A hello with every field given.
    public init(
        chain: Digest,
        parameters: NetworkParameters,
        tip: TipClaim,
        payloadsFrom: Height,
        envelopesFrom: Height,
        minimumDensity: UInt64,
        observedAddress: PeerAddress,
        record: NodeRecord?
    ) {
        self.chain = chain
        self.parameters = parameters
        self.tip = tip
        self.payloadsFrom = payloadsFrom
        self.envelopesFrom = envelopesFrom
        self.minimumDensity = minimumDensity
        self.observedAddress = observedAddress
        self.record = record
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let version = try reader.integer("protocol version", as: UInt16.self)
        guard version == Self.protocolVersion else {
            throw .unknown(field: "protocol version", found: UInt64(version))
        }
        chain = try reader.fixed("chain id")
        parameters = try NetworkParameters(
            decoding: try reader.take(NetworkParameters.byteCount, "parameters")
        )
        tip = try TipClaim(from: &reader)
        payloadsFrom = Height(try reader.integer("payloads_from"))
        envelopesFrom = Height(try reader.integer("envelopes_from"))
        minimumDensity = try reader.integer("minimum density")
        observedAddress = try PeerAddress(from: &reader)
        let count = try reader.integer(
            "record length",
            atMost: UInt16(NodeRecord.maximumByteCount)
        )
        record = count == 0 ? nil : try NodeRecord(from: &reader, byteCount: Int(count))
    }

    /// The version that a body starts with, which every version has in this place.
    static func version(of body: [UInt8]) -> UInt16? {
        body.count < 2 ? nil : UInt16(body[1]) << 8 | UInt16(body[0])
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: Self.protocolVersion)
        chain.append(to: &bytes)
        bytes.append(contentsOf: parameters.encoded)
        tip.append(to: &bytes)
        bytes.append(littleEndian: payloadsFrom.rawValue)
        bytes.append(littleEndian: envelopesFrom.rawValue)
        bytes.append(littleEndian: minimumDensity)
        observedAddress.append(to: &bytes)
        let encoded = record?.encoded ?? []
        bytes.append(littleEndian: UInt16(encoded.count))
        bytes.append(contentsOf: encoded)
    }
}
