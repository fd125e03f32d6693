import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB

/// A source that knows nothing, so that a state replayed over it holds everything itself.
struct EmptyLedger: LedgerStateSource {
    func meeting(_ id: Digest) throws(Never) -> MeetingState? { nil }

    func author(_ slot: AuthorSlot) throws(Never) -> AuthorState? { nil }

    func openings(by author: VerifyingKey) throws(Never) -> [Height] { [] }
}

/// Replays a chain block by block and compares the store with what comes out.
struct ChainVerifier {
    private let chain: ChainReader<LevelDBStore>
    private let rules: HeaderRules
    private let indexes: IndexCheck
    private var last: ValidHeader
    private var history: MerkleFrontier
    private var state: LedgerState<EmptyLedger>
    private var counts = IndexCounts()
    private(set) var report = OfflineChain.VerifyReport()

    init(_ chain: ChainReader<LevelDBStore>, rules: HeaderRules) {
        self.chain = chain
        self.rules = rules
        indexes = IndexCheck(chain.reader)
        last = ValidHeader(genesisOf: rules.network)
        history = MerkleFrontier()
        history.append(leaf: rules.network.genesis.historyLeaf)
        state = LedgerState(over: EmptyLedger(), parameters: rules.network.parameters)
    }

    /// Reads a block off the store and compares its body with its header.
    func load(_ height: Height) throws(OfflineFailure) -> (header: Header, entries: [Entry]) {
        let (header, entries) = try OfflineChain.reading { () throws(StoreFailure) in
            guard let header = try chain.header(at: height) else {
                throw .malformedRecord(kind: "header")
            }
            return (header, try chain.entries(at: height))
        }
        let body = BlockBody(entries)
        guard body.byteCount == Int(header.bodyBytes), body.root == header.entriesRoot else {
            throw .block(height: height, reason: "its entries are not those of its header")
        }
        return (header, entries)
    }

    /// Judges blocks in a row.
    mutating func take(_ window: [(header: Header, entries: [Entry])]) async throws {
        guard let first = window.first?.header.height else { return }
        let judged = try await EntryJudge.judge(
            window.map(\.entries),
            from: first,
            on: rules.network
        )
        for (block, entries) in zip(window, judged) { try take(block.header, entries) }
    }

    private mutating func take(
        _ header: Header,
        _ entries: [ValidEntry]
    ) throws(OfflineFailure) {
        let height = header.height
        do {
            last = try rules.judge(header, after: last, historyRoot: history.root)
        } catch { throw .block(height: height, reason: "\(error)") }
        for (index, entry) in entries.enumerated() {
            do { try state.apply(entry, at: height) } catch {
                switch error {
                case .violation(let violation):
                    throw .block(height: height, reason: "entry \(index): \(violation)")
                case .source: break
                }
            }
            let position = Position(height: height, index: UInt16(truncatingIfNeeded: index))
            try indexes.check(entry, at: position)
            counts.add(entry)
        }
        try indexes.check(last)
        counts.headers += 1
        for node in history.append(leaf: header.historyLeaf) {
            counts.historyNodes += try indexes.check(node) ? 1 : 0
        }
        report.headers += 1
        report.entries += UInt64(entries.count)
    }

    /// Compares the state of all meetings and authors, and the number of records of each kind.
    mutating func finish(
        tip: Height,
        hash: Digest
    ) throws(OfflineFailure) -> OfflineChain.VerifyReport {
        guard last.hash == hash, last.header.height == tip else {
            throw .index(kind: "tip", detail: "it names another block than the last")
        }
        let meetings = state.changedMeetings
        for (id, record) in meetings {
            let stored = try OfflineChain.reading { () throws(StoreFailure) in
                try chain.meeting(id)
            }
            guard stored == record.current else { throw .index(kind: "meeting", detail: id.hex) }
        }
        let authors = state.changedAuthors
        for (slot, record) in authors {
            let stored = try OfflineChain.reading { () throws(StoreFailure) in
                try chain.author(slot)
            }
            guard stored == record.current else {
                throw .index(kind: "author", detail: slot.author.hex)
            }
        }
        for (author, record) in state.changedOpenings {
            let stored = try OfflineChain.reading { () throws(StoreFailure) in
                try chain.openings(by: author)
            }
            guard stored == record.current ?? [] else {
                throw .index(kind: "openings", detail: author.hex)
            }
        }
        counts.meetings = UInt64(meetings.count)
        counts.authors = UInt64(authors.count)
        report.indexRecords = try indexes.check(counts)
        report.meetings = counts.meetings
        report.authors = counts.authors
        report.tip = hash
        report.height = tip
        return report
    }
}
