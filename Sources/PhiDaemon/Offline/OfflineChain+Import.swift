import PhiChain
import PhiClient
import PhiConsensus
public import PhiLedger
import PhiLevelDB

extension OfflineChain {
    /// What an import did.
    public struct ImportReport: Equatable, Sendable {
        /// Blocks that the ledger had already.
        public var known: UInt64 = 0
        /// Blocks that were added.
        public var added: UInt64 = 0
        /// Entries that were added.
        public var entries: UInt64 = 0
        /// The height of the ledger's tip now.
        public var tip = Height.genesis
    }

    /// Blocks after which what was added is surely on the disk.
    private static let blocksBetweenSyncs: UInt64 = 256

    /// Reads a chain file into the ledger of a stopped node, judging everything.
    ///
    /// Blocks that the ledger has are passed over, so an import that was interrupted is simply
    /// started again.
    ///
    /// - Parameters:
    ///   - dataFolder: The node's data folder; made where it is new.
    ///   - network: The network.
    ///   - file: The file; `-` is standard input.
    ///   - now: The present time, ahead of which no header may lie far.
    ///   - progress: Is told now and then how far it is.
    /// - Returns: What was done.
    /// - Throws: The first block that is wrong; all before it stay.
    public static func `import`(
        data dataFolder: String,
        network: Network,
        from file: String,
        now: Timestamp,
        progress: (Progress) -> Void
    ) async throws -> ImportReport {
        try checkNetwork(of: file, network)
        let store = try open(dataFolder, network: network, creating: true)
        var lines = try LineReader(file)
        var importer = ChainImporter(
            ledger: try reading { () throws(StoreFailure) in
                try Ledger(opening: store, network: network)
            },
            rules: HeaderRules(network),
            now: now
        )
        var isOver = false
        while !isOver {
            try Task.checkCancellation()
            var window: [BlockLine] = []
            var count = 0
            while window.count < blocksAtOnce, count < entriesAtOnce {
                guard let line = try lines.next(limit: BlockLine.byteLimit) else {
                    isOver = true
                    break
                }
                let block = try BlockLine(parsing: line, number: lines.lineNumber)
                guard try !importer.knows(block) else { continue }
                window.append(block)
                count += Int(block.header.entryCount)
            }
            try await importer.add(window, syncEvery: blocksBetweenSyncs)
            let size = lines.byteCount
            progress(
                Progress(
                    blocks: importer.report.added,
                    entries: importer.report.entries,
                    fraction: size == 0 ? 0 : Double(lines.bytesRead) / Double(size)
                )
            )
        }
        try importer.finish()
        return importer.report
    }

    /// Refuses a file of another network before any folder is touched.
    private static func checkNetwork(
        of file: String,
        _ network: Network
    ) throws(OfflineFailure) {
        guard file != "-" else { return }
        var lines = try LineReader(file)
        guard let line = try lines.next(limit: BlockLine.byteLimit) else { return }
        let block = try BlockLine(parsing: line, number: 1)
        guard block.header.height == .genesis, block.hash != network.chain else { return }
        throw .otherNetwork(found: block.hash, expected: network.chain)
    }
}

/// Adds blocks to a ledger, window by window.
private struct ChainImporter {
    private var ledger: Ledger<LevelDBStore>
    private let rules: HeaderRules
    private let now: Timestamp
    private(set) var report = OfflineChain.ImportReport()

    init(ledger: Ledger<LevelDBStore>, rules: HeaderRules, now: Timestamp) {
        self.ledger = ledger
        self.rules = rules
        self.now = now
        report.tip = ledger.tip.header.height
    }

    /// Whether the ledger has the block already.
    mutating func knows(_ block: BlockLine) throws(OfflineFailure) -> Bool {
        let height = block.header.height
        if height == .genesis, block.hash != ledger.network.chain {
            throw .otherNetwork(found: block.hash, expected: ledger.network.chain)
        }
        guard height <= ledger.tip.header.height else { return false }
        let own = try OfflineChain.reading { () throws(StoreFailure) in
            try ledger.chain.header(at: height)
        }
        guard own == block.header else { throw .otherBranch(height: height) }
        report.known += 1
        return true
    }

    mutating func add(_ window: [BlockLine], syncEvery syncs: UInt64) async throws {
        guard let first = window.first?.header.height else { return }
        let bodies = try window.map { block in
            do throws(BodyFailure) {
                return try BlockBody(
                    decoding: block.body,
                    for: block.header,
                    parameters: rules.network.parameters
                ).entries
            } catch {
                throw OfflineFailure.block(height: block.header.height, reason: "\(error)")
            }
        }
        let judged = try await EntryJudge.judge(bodies, from: first, on: rules.network)
        for (block, entries) in zip(window, judged) {
            try connect(block.header, entries, syncEvery: syncs)
        }
    }

    private mutating func connect(
        _ header: Header,
        _ entries: [ValidEntry],
        syncEvery syncs: UInt64
    ) throws(OfflineFailure) {
        let expected = ledger.tip.header.height.next ?? ledger.tip.header.height
        guard header.height == expected else {
            throw .gap(expected: expected, found: header.height)
        }
        guard !rules.isTooNew(header, now: now) else {
            throw .block(height: header.height, reason: "its time lies in the future")
        }
        let valid: ValidHeader
        do {
            valid = try rules.judge(
                header,
                after: ledger.tip,
                historyRoot: ledger.history.root
            )
        } catch { throw .block(height: header.height, reason: "\(error)") }
        let batch: WriteBatch
        do { batch = try ledger.connect(valid, entries: entries) } catch {
            switch error {
            case .entry(let index, let violation):
                throw .block(height: header.height, reason: "entry \(index): \(violation)")
            case .store(let failure): throw .store(failure)
            }
        }
        report.added += 1
        report.entries += UInt64(entries.count)
        let isDurable = report.added.isMultiple(of: syncs)
        do { try ledger.store.commit(batch, durable: isDurable) } catch { throw .store(error) }
        report.tip = header.height
    }

    /// Waits until all is on the disk.
    func finish() throws(OfflineFailure) {
        guard report.added > 0 else { return }
        do { try ledger.store.commit(WriteBatch(), durable: true) } catch { throw .store(error) }
    }
}
