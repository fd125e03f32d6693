import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

/// Tells of more nodes than there are, all of them signed.
struct AddressFlood: Behavior {
    static let number = 10
    static let name = "address-flood"
    static let summary = "tells of endlessly many nodes at random addresses of this machine"

    func speak(to victim: Victim) async throws {
        var chance = victim.chance
        while true {
            let records = try (0..<Int(Limits.peers)).map { _ in
                let host = 0x7F00_0000 | UInt32(truncatingIfNeeded: chance.next()) & 0xFF_FFFF
                return try victim.record(at: host, chance: &chance)
            }
            try await victim.send(.peers(records))
        }
    }
}

extension Victim {
    /// The record of a node that does not exist; only addresses of this machine are used, since
    /// the node calls what it is told of.
    func record(at host: UInt32, chance: inout SeededRandom) throws -> NodeRecord {
        let key = try SigningKey(seed: chance.bytes(32))
        let port = UInt16(truncatingIfNeeded: chance.next()) | 1
        let draft = NodeRecordDraft(
            flags: [.full, .dialable],
            signedAt: .now,
            validity: 24 * 60 * 60 * 1_000,
            servesFrom: .genesis,
            addresses: [PeerAddress(version4: host, port: port)]
        )
        return try draft.signed(by: key, chain: network.chain)
    }
}
