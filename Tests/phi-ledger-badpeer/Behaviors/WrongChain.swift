import PhiCrypto
import PhiLedger
import PhiWire

/// Greets as a node of another network.
struct WrongChain: Behavior {
    static let number = 2
    static let name = "wrong-chain"
    static let summary = "greets with the chain id of another network"

    var greets: Bool { false }

    func speak(to victim: Victim) async throws {
        let other = SHA256.hash(victim.network.chain.bytes)
        try await victim.send(.hello(victim.hello(chain: other)))
    }
}
