import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

/// Blocks on the node's tip, made on one connection and served from there.
actor BlockStand {
    private var branch: Branch?

    /// Mines one block on the node's tip and announces it.
    func show(
        _ claim: BodyClaim,
        body: [UInt8],
        to victim: Victim
    ) async throws {
        var branch = try await victim.chain()
        let height = branch.height
        try branch.append(claim, body: body)
        self.branch = branch
        try await victim.announce(branch, after: height)
    }

    /// Answers as an honest peer with that block would.
    func answer(_ message: Message, of victim: Victim) async throws {
        guard let branch else { return }
        try await victim.serve(branch, to: message)
    }
}

/// A behavior whose harm lies in the body of a block.
protocol BodyBehavior: Behavior {
    /// What was announced.
    var stand: BlockStand { get }
    /// What the header says and what is served instead.
    func block(
        by author: inout TestAuthor,
        variant: Int
    ) -> (claim: BodyClaim, body: [UInt8])
}

extension BodyBehavior {
    func speak(to victim: Victim) async throws {
        for round in 0... {
            var author = TestAuthor(
                "body \(victim.stage.seed) \(victim.index) \(round)",
                on: victim.network
            )
            author.clock = .now
            let (claim, body) = block(by: &author, variant: victim.index + round)
            try await stand.show(claim, body: body, to: victim)
            try await victim.pause(milliseconds: 1_000)
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        try await stand.answer(message, of: victim)
    }
}
