import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

/// Pushes compact blocks whose short ids all name one entry of the node's pool.
struct CollidingShortIDs: Behavior {
    static let number = 36
    static let name = "colliding-short-ids"
    static let summary = "pushes compact blocks whose short ids collide in the node's pool"

    let peddler = Peddler()

    func speak(to victim: Victim) async throws {
        for round in 0... {
            var author = TestAuthor(
                "\(victim.stage.seed) \(victim.index) \(round)",
                on: victim.network
            )
            author.clock = .now
            let pooled = author.open(title: "in the pool")
            try await peddler.announce([pooled], to: victim)
            try await victim.pause(milliseconds: 300)
            let hidden = [author.open(title: "first"), author.open(title: "second")]
            try await victim.push(hidden, namedAs: [pooled.leaf, pooled.leaf])
            try await victim.pause(milliseconds: 700)
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        try await peddler.answer(message, of: victim)
    }
}

extension Victim {
    /// Mines a block on the node's tip and pushes it as a compact block.
    ///
    /// - Parameters:
    ///   - entries: What the header commits to.
    ///   - leaves: The leaf hashes that the short ids are made of; the right ones unless given.
    /// - Throws: What kept the block from being made or sent.
    func push(_ entries: [Entry], namedAs leaves: [Digest]? = nil) async throws {
        var branch = try await chain()
        let parent = branch.tip
        try branch.append(entries)
        let header = branch.tip.header
        let salt: UInt64 = 7
        let block = CompactBlock(
            height: header.height,
            parent: parent.hash,
            header: try Branch.compact(header, after: parent.header, network),
            salt: salt,
            identifiers: try ShortID.of(
                leaves ?? entries.map(\.leaf),
                header: header,
                salt: salt
            ),
            prefilled: []
        )
        try await send(.compactBlock(block))
    }
}
