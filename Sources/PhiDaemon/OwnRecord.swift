import PhiCrypto
import PhiLedger
import PhiWire

/// Makes the node's own record, which tells peers where it can be called.
struct OwnRecord: Sendable {
    /// Milliseconds for which a record is valid.
    private static let validity: UInt64 = 24 * 60 * 60 * 1_000
    /// Milliseconds after which a record is made anew.
    static let renewal: UInt64 = 12 * 60 * 60 * 1_000

    /// The seed of the node's key.
    let seed: [UInt8]
    /// The genesis hash of the network.
    let chain: Digest
    /// Where the node can be called.
    var addresses: [PeerAddress]

    /// A record from now on, or nil where the node cannot be called.
    func made(at now: Timestamp) throws -> NodeRecord? {
        guard !addresses.isEmpty else { return nil }
        let draft = NodeRecordDraft(
            flags: [.full, .dialable],
            signedAt: now,
            validity: Self.validity,
            servesFrom: .genesis,
            addresses: Array(addresses.prefix(Int(NodeRecord.addressLimit)))
        )
        return try draft.signed(by: SigningKey(seed: seed), chain: chain)
    }
}
