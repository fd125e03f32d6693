import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

/// Pushes compact blocks and keeps back the entries that are missing for them.
struct RefusedBlockEntries: Behavior {
    static let number = 37
    static let name = "refused-block-entries"
    static let summary = "pushes compact blocks of unknown entries and does not hand those over"

    func speak(to victim: Victim) async throws {
        for round in 0... {
            var author = TestAuthor(
                "\(victim.stage.seed) \(victim.index) \(round)",
                on: victim.network
            )
            author.clock = .now
            try await victim.push([author.open(title: "kept back")])
            try await victim.pause(milliseconds: 1_000)
        }
    }
}
