import PhiLedger
import PhiTesting
import PhiWire

/// Serves good bodies at one kilobyte a second.
actor SlowBodies: Behavior {
    static let number = 32
    static let name = "slow-bodies"
    static let summary = "announces good blocks and serves their bodies at 1 KB/s"

    private var branch: Branch?

    init() {}

    func speak(to victim: Victim) async throws {
        let room = Int(victim.network.parameters.maximumPayloadBytes) - 64
        let text = String(repeating: "slow ", count: room / 5)
        while true {
            var branch = try await victim.chain()
            let height = branch.height
            var author = TestAuthor("slow \(victim.stage.seed) \(victim.index)", on: victim.network)
            author.clock = .now
            for _ in 0..<4 {
                let open = author.open()
                try branch.append([open, author.message(text, in: open.id)])
            }
            self.branch = branch
            try await victim.announce(branch, after: height)
            try await victim.pause(milliseconds: 10_000)
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        guard let branch else { return }
        guard case .getBlocks(let hashes) = message else {
            return try await victim.serve(branch, to: message)
        }
        for answer in branch.answers(to: hashes) {
            let frame = Victim.frame(type: answer.type.rawValue, body: answer.encodedBody())
            for start in stride(from: 0, to: frame.count, by: 1_024) {
                try await victim.write(Array(frame[start..<min(start + 1_024, frame.count)]))
                try await victim.pause(milliseconds: 1_000)
            }
        }
    }
}
