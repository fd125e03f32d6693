import PhiWire

/// Sends headers that show no work.
struct BadProofOfWork: Behavior {
    static let number = 23
    static let name = "bad-proof-of-work"
    static let summary = "sends a header whose hash misses its target"

    func speak(to victim: Victim) async throws {
        let branch = try await victim.chain()
        try await victim.send(.headers(try branch.forged(isProven: false)))
    }
}
