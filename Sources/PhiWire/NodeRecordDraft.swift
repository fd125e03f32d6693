public import PhiCrypto
public import PhiLedger

/// All that a node chooses about its record, before it is signed.
public struct NodeRecordDraft: Hashable, Sendable {
    /// What the node does for others.
    public var flags: NodeRecord.Flags
    /// The lowest version of the protocol that the node speaks.
    public var minimumProtocol: UInt8
    /// The highest version of the protocol that the node speaks.
    public var maximumProtocol: UInt8
    /// The time of signing, which must grow from record to record.
    public var signedAt: Timestamp
    /// The minute since 1970 at whose start the record ends.
    public var endMinute: UInt32
    /// The lowest block that the node serves.
    public var servesFrom: Height
    /// Where the node can be dialed, 1 to 4 addresses.
    public var addresses: [PeerAddress]

    /// A draft of a node that speaks this version of the protocol alone.
    ///
    /// - Parameters:
    ///   - flags: What the node does for others.
    ///   - signedAt: The time of signing.
    ///   - validity: Milliseconds until the record ends, rounded down to a whole minute.
    ///   - servesFrom: The lowest block that the node serves.
    ///   - addresses: Where the node can be dialed, 1 to 4 addresses.
    public init(
        flags: NodeRecord.Flags,
        signedAt: Timestamp,
        validity: UInt64,
        servesFrom: Height,
        addresses: [PeerAddress]
    ) {
        self.flags = flags
        minimumProtocol = UInt8(Hello.protocolVersion)
        maximumProtocol = UInt8(Hello.protocolVersion)
        self.signedAt = signedAt
        let minute = signedAt.adding(milliseconds: validity).milliseconds / 60_000
        endMinute = UInt32(clamping: minute)
        self.servesFrom = servesFrom
        self.addresses = addresses
    }

    /// The record, signed for one network.
    public func signed(
        by key: borrowing SigningKey,
        chain: Digest
    ) throws(CryptoFailure) -> NodeRecord {
        precondition(
            (1...Int(NodeRecord.addressLimit)).contains(addresses.count),
            "a record has 1 to 4 addresses"
        )
        precondition(flags.isSubset(of: .known), "a record has known flags alone")
        var bytes: [UInt8] = [NodeRecord.version]
        bytes.append(bigEndian: flags.rawValue)
        bytes += [minimumProtocol, maximumProtocol]
        key.verifyingKey.append(to: &bytes)
        bytes.append(bigEndian: signedAt.milliseconds)
        bytes.append(bigEndian: endMinute)
        bytes.append(contentsOf: [UInt8](repeating: 0, count: 32 + 4 + 32))
        bytes.append(bigEndian: servesFrom.rawValue)
        bytes.append(0)
        bytes.append(UInt8(addresses.count))
        for address in addresses { address.append(to: &bytes) }
        let signature = try key.sign(NodeRecord.signedMessage(bytes, chain: chain))
        signature.append(to: &bytes)
        do {
            return try NodeRecord(decoding: bytes)
        } catch {
            preconditionFailure("a record of valid fields is a valid encoding")
        }
    }
}
