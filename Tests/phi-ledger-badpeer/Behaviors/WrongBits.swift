import PhiLedger
import PhiWire

/// Sends headers that were mined for another difficulty than the schedule's.
struct WrongBits: Behavior {
    static let number = 26
    static let name = "wrong-bits"
    static let summary = "sends a header mined over bits that are off by one"

    func speak(to victim: Victim) async throws {
        let branch = try await victim.chain()
        try await victim.send(.headers(try branch.forged { $0.bits += 1 }))
    }
}
