import PhiCrypto
import PhiLedger
import PhiWire

/// Sends headers that were mined over a wrong sum, idle time or history.
struct WrongCommitments: Behavior {
    static let number = 27
    static let name = "wrong-commitments"
    static let summary = "sends a header mined over a wrong idle, chain_work or history_root"

    func speak(to victim: Victim) async throws {
        let branch = try await victim.chain()
        let kind = victim.index % 3
        let batch = try branch.forged { header in
            switch kind {
            case 0: header.idle += 1
            case 1: header.chainWork = Work(rawValue: header.chainWork.rawValue + 1)
            default: header.historyRoot = SHA256.hash(header.historyRoot.bytes)
            }
        }
        try await victim.send(.headers(batch))
    }
}
