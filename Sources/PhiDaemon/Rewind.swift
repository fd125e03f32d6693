import FoundationEssentials
import PhiChain
import PhiConsensus
public import PhiLedger
import PhiLevelDB

/// Takes a stopped node's chain back below the reach of its undo data, by building it anew.
///
/// The blocks up to the new tip are replayed into a second store, which then takes the place of
/// the first; the first is kept as evidence of what the chain had been.
public enum Rewind {
    /// Blocks after which the second store is made durable.
    private static let stride: UInt32 = 256

    /// Builds the chain anew up to a height and puts it in place.
    ///
    /// - Parameters:
    ///   - folder: The data folder of a stopped node.
    ///   - network: The network of the node.
    ///   - fork: The last height that stays.
    ///   - progress: Is told each height that was replayed.
    /// - Returns: The folder in which the old chain is kept.
    /// - Throws: What kept the chain from being replayed; then the old one is in place.
    public static func run(
        in folder: String,
        network: Network,
        to fork: Height,
        progress: (Height) -> Void
    ) throws -> String {
        let places = LedgerPlaces(folder: folder)
        try places.clearDraft()
        try replay(places, network: network, to: fork, progress: progress)
        return try places.exchange()
    }

    private static func replay(
        _ places: LedgerPlaces,
        network: Network,
        to fork: Height,
        progress: (Height) -> Void
    ) throws {
        let old = try LevelDBStore(path: places.ledger)
        try StoreFormat.prepare(old, network: network)
        let source = ChainReader(old, network: network)
        let store = try LevelDBStore(path: places.draft)
        try StoreFormat.prepare(store, network: network)
        var ledger = try Ledger(opening: store, network: network)
        var height = Height.genesis
        while height < fork, let next = height.next {
            guard let header = try source.header(at: next) else {
                throw StoreFailure.malformedRecord(kind: "header")
            }
            let valid = ValidHeader(stored: header, hash: header.hash)
            let entries = try source.entries(at: next).compactMap { ValidEntry(recorded: $0) }
            let batch = try ledger.connect(valid, entries: entries)
            try store.commit(batch, durable: next == fork || next.rawValue % stride == 0)
            progress(next)
            height = next
        }
        try keepWaiting(from: source, above: fork, in: store, network: network)
    }

    /// Entries above the new tip wait for a block again, where their window is still open.
    private static func keepWaiting(
        from source: ChainReader<LevelDBStore>,
        above fork: Height,
        in store: LevelDBStore,
        network: Network
    ) throws {
        let tip = try source.tip().height
        var height = max(fork, tip.lowered(by: network.parameters.expiry))
        var arrival: UInt64 = 0
        while height < tip, let next = height.next {
            var batch = WriteBatch()
            for entry in try source.entries(at: next) {
                guard let valid = ValidEntry(recorded: entry) else { continue }
                batch.promise(valid, arrival: arrival)
                arrival += 1
            }
            if !batch.isEmpty { try store.commit(batch, durable: false) }
            height = next
        }
        var waiting = WriteBatch()
        let pooled = PooledEntries(source.reader, network: network)
        for entry in try pooled.all() {
            guard let valid = ValidEntry(recorded: entry) else { continue }
            waiting.promise(valid, arrival: arrival)
            arrival += 1
        }
        try store.commit(waiting, durable: true)
    }
}

/// Where the ledger of a data folder is, was, and will be.
struct LedgerPlaces: Sendable {
    /// The ledger in use.
    let ledger: String
    /// A ledger that is being built.
    let draft: String
    /// The ledger before the last rewind.
    let evidence: String

    /// The places in a data folder.
    init(folder: String) {
        ledger = folder + "/ledger"
        draft = folder + "/ledger.new"
        evidence = folder + "/ledger.replaced"
    }

    /// Throws a half-built ledger away.
    func clearDraft() throws {
        if FileManager.default.fileExists(atPath: draft) {
            try FileManager.default.removeItem(atPath: draft)
        }
    }

    /// Puts the new ledger in place of the old one, which is kept.
    func exchange() throws -> String {
        if FileManager.default.fileExists(atPath: evidence) {
            try FileManager.default.removeItem(atPath: evidence)
        }
        try FileManager.default.moveItem(atPath: ledger, toPath: evidence)
        try FileManager.default.moveItem(atPath: draft, toPath: ledger)
        return evidence
    }

    /// Finishes an exchange that was interrupted between its two steps.
    func settle() throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: ledger), files.fileExists(atPath: evidence),
            files.fileExists(atPath: draft)
        else { return }
        try files.moveItem(atPath: draft, toPath: ledger)
    }
}
