import PhiChain
import PhiConsensus
public import PhiCrypto
public import PhiLedger
import PhiLevelDB

extension OfflineChain {
    /// What a verification looked at, all of it found right.
    public struct VerifyReport: Equatable, Sendable {
        /// The last block.
        public var tip = Digest.zero
        /// Its height.
        public var height = Height.genesis
        /// Headers: link, time, difficulty, work of the chain, proof of work, history root.
        public var headers: UInt64 = 0
        /// Entries: body roots, payloads, stamps, signatures, and every rule of meetings.
        public var entries: UInt64 = 0
        /// Meetings whose state was computed anew and compared.
        public var meetings: UInt64 = 0
        /// Authors in meetings whose state was computed anew and compared.
        public var authors: UInt64 = 0
        /// Index records that were compared.
        public var indexRecords: UInt64 = 0
    }

    /// Judges everything in the ledger of a stopped node anew, from the genesis block on.
    ///
    /// - Parameters:
    ///   - dataFolder: The node's data folder; nothing in it is changed.
    ///   - network: The network.
    ///   - progress: Is told now and then how far it is.
    /// - Returns: What was looked at.
    /// - Throws: The first thing that is wrong.
    public static func verify(
        data dataFolder: String,
        network: Network,
        progress: (Progress) -> Void
    ) async throws -> VerifyReport {
        let store = try open(dataFolder, network: network, creating: false)
        let chain = ChainReader(store, network: network)
        let (tip, hash) = try reading { () throws(StoreFailure) in try chain.tip() }
        var verifier = ChainVerifier(chain, rules: HeaderRules(network))
        var next = UInt64(1)
        while next <= UInt64(tip.rawValue) {
            try Task.checkCancellation()
            var window: [(header: Header, entries: [Entry])] = []
            var count = 0
            while next <= UInt64(tip.rawValue), window.count < blocksAtOnce, count < entriesAtOnce {
                let block = try verifier.load(Height(UInt32(next)))
                count += block.entries.count
                window.append(block)
                next += 1
            }
            try await verifier.take(window)
            progress(
                Progress(
                    blocks: verifier.report.headers,
                    entries: verifier.report.entries,
                    fraction: Double(next - 1) / Double(max(1, tip.rawValue))
                )
            )
        }
        return try verifier.finish(tip: tip, hash: hash)
    }
}
