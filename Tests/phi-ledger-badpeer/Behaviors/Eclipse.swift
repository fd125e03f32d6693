import PhiLedger
import PhiWire

/// Holds connections, tells of nobody but its own kind and keeps the chain back.
struct Eclipse: Behavior {
    static let number = 40
    static let name = "eclipse"
    static let summary = "holds its connection, tells of its own kind and keeps the chain back"

    func speak(to victim: Victim) async throws {
        while true {
            try await tellOfKin(victim)
            try await victim.pause(milliseconds: 1_000)
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        switch message {
        case .getPeers: try await tellOfKin(victim)
        case .getHeaders:
            let empty = HeaderBatch(start: .init(1), parent: victim.network.chain, items: [])
            try await victim.send(.headers(empty))
        case .getBlocks(let hashes): try await victim.send(.missingBlocks(hashes))
        case .getEntries(let leaves): try await victim.send(.missingEntries(leaves))
        default: break
        }
    }

    private func tellOfKin(_ victim: Victim) async throws {
        var chance = victim.chance
        let records = try (0..<8).map { _ in
            try victim.record(at: 0x7F00_0001, chance: &chance)
        }
        try await victim.send(.peers(records))
    }
}
