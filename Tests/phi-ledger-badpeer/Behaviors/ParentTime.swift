import PhiConsensus
import PhiLedger
import PhiWire

/// Sends a header that was mined at the time of its parent.
///
/// The compact form counts time from the earliest that is possible, so on the wire such a header
/// can only be written as another one, whose hash shows no work.
struct ParentTime: Behavior {
    static let number = 29
    static let name = "parent-time"
    static let summary = "sends a header mined at the same time as its parent"

    func speak(to victim: Victim) async throws {
        let branch = try await victim.chain()
        let time = branch.tip.header.time
        try await victim.send(.headers(try branch.forged { $0.time = time }))
    }
}
