import PhiCrypto
import PhiLedger
import PhiWire

/// Shows one chain when asked first and another when asked for the same headers again.
actor SecondPassSwitch: Behavior {
    static let number = 30
    static let name = "second-pass-switch"
    static let summary = "answers a second request for the same headers with another chain"

    /// Headers of each chain; two full batches and a part.
    private static let length = 4_500

    private var passes: [[HeaderBatch]] = []
    private var hashes: [[Digest: Int]] = []
    private var pass = 0

    init() {}

    func speak(to victim: Victim) async throws {
        for variant in [UInt64(1), 2] {
            var chain = CheapChain(on: victim.network, variant: variant)
            var batches: [HeaderBatch] = []
            var rest = Self.length
            while rest > 0, let batch = try chain.next(min(rest, Int(Limits.headers))) {
                batches.append(batch)
                rest -= batch.items.count
            }
            passes.append(batches)
            let places = batches.enumerated().map { ($0.element.parent, $0.offset) }
            hashes.append(Dictionary(uniqueKeysWithValues: places))
            guard variant == 1 else { continue }
            // More work than it took, so that the node asks.
            let claim = chain.claim
            let tip = TipClaim(
                hash: claim.hash,
                height: claim.height,
                work: Work(rawValue: claim.work.rawValue << 40)
            )
            try await victim.send(.ping(Ping(nonce: 1, tip: tip)))
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        guard case .getHeaders(let locator) = message, !passes.isEmpty else { return }
        let pass = min(pass, passes.count - 1)
        var place = 0
        for hash in locator {
            if let found = hashes.compactMap({ $0[hash] }).first {
                place = found
                break
            }
        }
        guard place < passes[pass].count else { return }
        if place == passes[pass].count - 1 { self.pass += 1 }
        try await victim.send(.headers(passes[pass][place]))
    }
}
