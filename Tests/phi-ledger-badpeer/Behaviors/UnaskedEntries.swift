import PhiLedger
import PhiTesting
import PhiWire

/// Sends good entries that nobody asked for.
struct UnaskedEntries: Behavior {
    static let number = 14
    static let name = "unasked-entries"
    static let summary = "sends full answers of entries that nobody asked for"

    func speak(to victim: Victim) async throws {
        var author = TestAuthor("unasked \(victim.stage.seed) \(victim.index)", on: victim.network)
        author.clock = .now
        let entries = (0..<24).map { author.open(title: "unasked \($0)") }
        let body = Message.entries(entries).encodedBody()
        while true { try await victim.send(type: MessageType.entries.rawValue, body: body) }
    }
}
