import PhiTesting
import PhiWire

/// Fills the node's address book with one neighborhood.
struct AddressPoisoning: Behavior {
    static let number = 11
    static let name = "address-poisoning"
    static let summary = "tells of many nodes of one /16, as often as it is asked and unasked"

    func speak(to victim: Victim) async throws {
        while true {
            try await poison(victim)
            try await victim.pause(milliseconds: 100)
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        if case .getPeers = message { try await poison(victim) }
    }

    private func poison(_ victim: Victim) async throws {
        var chance = victim.chance
        let records = try (0..<Int(Limits.peers)).map { _ in
            let host = 0x7F42_0000 | UInt32(truncatingIfNeeded: chance.next()) & 0xFFFF
            return try victim.record(at: host, chance: &chance)
        }
        try await victim.send(.peers(records))
    }
}
