import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger

/// Signed entries of many authors to measure with.
enum SampleEntries {
    /// A generated chain, whole in memory.
    static func blocks(
        entries: Int,
        on network: Network,
        perBlock: Int = 1_000,
        authors: Int = 100
    ) async throws -> [GeneratedBlock] {
        let plan = try ChainPlan(
            network: network,
            entries: entries,
            perBlock: perBlock,
            authors: min(authors, max(1, entries / 2)),
            meetings: min(10, max(1, entries / 4))
        )
        var generator = try ChainGenerator(plan, now: WallClock.now)
        var blocks: [GeneratedBlock] = []
        while true {
            let run = try await generator.next()
            guard !run.isEmpty else { return blocks }
            blocks += run
        }
    }
}

/// A signature with all that its check needs.
struct SignedMessage: Sendable {
    let author: VerifyingKey
    let signature: Signature
    let message: [UInt8]

    init(of entry: Entry) {
        author = entry.author
        signature = entry.signature
        message = Domain.entrySignature + entry.id.bytes
    }
}
