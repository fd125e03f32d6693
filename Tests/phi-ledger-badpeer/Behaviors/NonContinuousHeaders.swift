import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

/// Sends headers that do not follow each other, or follow nothing.
struct NonContinuousHeaders: Behavior {
    static let number = 24
    static let name = "non-continuous-headers"
    static let summary = "sends headers at a wrong height, or of unknown parents, again and again"

    func speak(to victim: Victim) async throws {
        let branch = try await victim.chain()
        let good = try branch.forged()
        if victim.index.isMultiple(of: 2) {
            let start = Height(good.start.rawValue + 7)
            let batch = HeaderBatch(start: start, parent: good.parent, items: good.items)
            return try await victim.send(.headers(batch))
        }
        var chance = victim.chance
        while true {
            let parent = Digest(reading: chance.bytes(32), at: 0)
            let batch = HeaderBatch(start: good.start, parent: parent, items: good.items)
            try await victim.send(.headers(batch))
            try await victim.pause(milliseconds: 50)
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        guard case .getHeaders = message else { return }
        // Nothing new, so that the next unconnected header is taken up again.
        let empty = HeaderBatch(start: Height(1), parent: victim.network.chain, items: [])
        try await victim.send(.headers(empty))
    }
}
