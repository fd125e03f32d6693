import PhiNode

/// Lines as people write them in a chat, the same for the same seed.
struct Chatter: Sendable {
    private static let words = [
        "the", "draft", "is", "ready", "for", "review", "and", "we", "agreed", "to", "meet",
        "again", "on", "Thursday", "at", "noon", "budget", "minutes", "please", "confirm", "yes",
        "no", "link", "above", "question", "about", "section", "three", "thanks", "everyone",
    ]

    private var chance: SeededChance

    init(seed: UInt64) {
        chance = SeededChance(seed: seed)
    }

    /// The next line, of 20 to 160 letters or a little more.
    mutating func line() -> String {
        let length = 20 + Int(chance.below(140))
        var text = ""
        while text.utf8.count < length {
            if !text.isEmpty { text += " " }
            text += Self.words[Int(chance.below(UInt64(Self.words.count)))]
        }
        return text
    }
}
