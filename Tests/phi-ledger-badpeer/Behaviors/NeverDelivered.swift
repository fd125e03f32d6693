import PhiCrypto
import PhiTesting
import PhiWire

/// Announces what the node will want and hands nothing over.
struct NeverDelivered: Behavior {
    static let number = 13
    static let name = "never-delivered"
    static let summary = "repeats announcements of other peers and new ones, delivers nothing"

    func speak(to victim: Victim) async throws {
        var chance = victim.chance
        while true {
            let leaves = (0..<200).map { _ in Digest(reading: chance.bytes(32), at: 0) }
            try await victim.send(.inventory(leaves))
            try await victim.pause(milliseconds: 500)
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        if case .inventory(let leaves) = message { try await victim.send(.inventory(leaves)) }
    }
}
