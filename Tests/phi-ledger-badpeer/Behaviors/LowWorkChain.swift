import PhiCrypto
import PhiLedger
import PhiWire

/// Streams a chain from the genesis block that took almost no work.
actor LowWorkChain: Behavior {
    static let number = 25
    static let name = "low-work-chain"
    static let summary = "streams millions of headers from genesis that took almost no work"

    private var chain: CheapChain?
    private var isAsked = false

    init() {}

    func speak(to victim: Victim) async throws {
        chain = CheapChain(on: victim.network, variant: UInt64(victim.index))
        // A tip that nobody has and that nobody outweighs, so that the node asks.
        let tip = TipClaim(hash: .zero, height: Height(30_000_000), work: Work(rawValue: 1 << 100))
        try await victim.send(.ping(Ping(nonce: 1, tip: tip)))
        while try await push(to: victim) {
            if !isAsked { try await victim.pause(milliseconds: 100) }
            isAsked = false
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        guard case .getHeaders = message else { return }
        isAsked = true
        _ = try await push(to: victim)
    }

    private func push(to victim: Victim) async throws -> Bool {
        guard let batch = try chain?.next() else { return false }
        try await victim.send(.headers(batch))
        return true
    }
}
