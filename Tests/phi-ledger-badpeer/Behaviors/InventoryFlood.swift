import PhiCrypto
import PhiTesting
import PhiWire

/// Announces entries that do not exist, as fast as the connection carries.
struct InventoryFlood: Behavior {
    static let number = 12
    static let name = "inventory-flood"
    static let summary = "announces entries that do not exist as fast as the connection carries"

    func speak(to victim: Victim) async throws {
        var chance = victim.chance
        while true {
            let leaves = (0..<Int(Limits.announcedEntries)).map { _ in
                Digest(reading: chance.bytes(32), at: 0)
            }
            try await victim.send(.inventory(leaves))
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        if case .getEntries(let leaves) = message {
            try await victim.send(.missingEntries(leaves))
        }
    }
}
