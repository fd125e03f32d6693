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
    ///   - fork: The last height that stays.
    ///   - progress: Is told each height that was replayed.
    /// - Returns: The folder in which the old chain is kept.
    /// - Throws: What kept the chain from being replayed; then the old one is in place.
    public static func run(
        in folder: String,
        to fork: Height,
        progress: (Height) -> Void
    ) throws -> String {
        let places = LedgerPlaces(folder: folder)
        try places.clearDraft()
        try replay(places, to: fork, progress: progress)
        return try places.exchange()
    }

    private static func replay(
        _ places: LedgerPlaces,
        to fork: Height,
        progress: (Height) -> Void
    ) throws {
        let old = try LevelDBStore(path: places.ledger)
        let network = try StoreFormat.network(of: old)
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
        for id in try pooled.ids() {
            guard let entry = try pooled.entry(id), let valid = ValidEntry(recorded: entry) else {
                continue
            }
            waiting.promise(valid, arrival: arrival)
            arrival += 1
        }
        try store.commit(waiting, durable: true)
    }
}
