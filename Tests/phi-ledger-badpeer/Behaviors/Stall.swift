import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

/// Announces the best chain there is and never hands over its bodies.
actor Stall: Behavior {
    static let number = 31
    static let name = "stall"
    static let summary = "announces the heaviest chain and never serves a body"

    private var branch: Branch?

    init() {}

    func speak(to victim: Victim) async throws {
        var chance = victim.chance
        while true {
            var branch = try await victim.chain()
            let height = branch.height
            for _ in 0..<20 {
                let root = Digest(reading: chance.bytes(32), at: 0)
                try branch.append(BodyClaim(entryCount: 1, byteCount: 400, root: root))
            }
            self.branch = branch
            try await victim.announce(branch, after: height)
            try await victim.pause(milliseconds: 3_000)
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        guard case .getHeaders = message, let branch else { return }
        try await victim.serve(branch, to: message)
    }
}
