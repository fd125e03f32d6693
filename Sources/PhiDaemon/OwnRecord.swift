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
    /// Where the node listens, callable or not.
    var listening: [PeerAddress] = []

    /// The same with the host that peers see, behind the addresses that this machine knows itself.
    ///
    /// Where peers see a public host, addresses that mean something to neighbors alone are left
    /// out: nobody else would take the record.
    ///
    /// - Parameter host: What peers agree on.
    /// - Returns: The change; nil where nothing changes or the node listens nowhere.
    func seen(at host: PeerAddress) -> OwnRecord? {
        guard let port = listening.first?.port else { return nil }
        let shown = PeerAddress(address: host.address, port: port)
        guard !addresses.contains(shown) else { return nil }
        let own = listening.filter { address in
            !address.isUnspecified && address != shown && (host.isLocal || !address.isLocal)
        }
        var changed = self
        changed.addresses = own.prefix(Int(NodeRecord.addressLimit) - 1) + [shown]
        return changed
    }

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
