import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

/// Entries that were announced on one connection and are handed over when they are asked for.
actor Peddler {
    /// Entries that are kept for a request.
    private static let limit = 8_192

    private var stock: [Digest: Entry] = [:]

    /// Announces entries to the node.
    func announce(_ entries: [Entry], to victim: Victim) async throws {
        if stock.count > Self.limit { stock = [:] }
        for entry in entries { stock[entry.leaf] = entry }
        for message in Message.inventories(of: entries.map(\.leaf)) {
            try await victim.send(message)
        }
    }

    /// Hands over what was asked for.
    func answer(_ message: Message, of victim: Victim) async throws {
        guard case .getEntries(let leaves) = message else { return }
        let found = leaves.compactMap { stock[$0] }
        for message in Message.deliveries(of: found) { try await victim.send(message) }
    }
}

/// A behavior whose harm lies in the entries that it offers.
protocol EntryBehavior: Behavior {
    /// What is announced and handed over.
    var peddler: Peddler { get }
    /// Milliseconds between two offers.
    var rest: Int { get }
    /// The next entries of an author who has no other entries in `meeting`.
    func entries(by author: inout TestAuthor, in meeting: Digest, round: Int) -> [Entry]
}

extension EntryBehavior {
    var rest: Int { 200 }

    func speak(to victim: Victim) async throws {
        for round in 0... {
            var author = TestAuthor(
                "bad \(victim.stage.seed) \(victim.index) \(round)",
                on: victim.network
            )
            author.clock = .now
            let open = author.open()
            let meeting = open.id
            let harmful = entries(by: &author, in: meeting, round: round)
            try await peddler.announce([open] + harmful, to: victim)
            try await victim.pause(milliseconds: rest)
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        try await peddler.answer(message, of: victim)
    }
}

extension Entry {
    /// The same entry with some bytes of its envelope changed, whatever they mean.
    func tampered(at offset: Int, with change: [UInt8]) -> Entry? {
        var changed = bytes
        changed.replaceSubrange(offset..<offset + change.count, with: change)
        return try? Entry(decoding: changed, payloadLimit: UInt32(changed.count))
    }
}
