import ArgumentParser
import PhiChain
import PhiConsensus
import PhiLedger
import PhiLevelDB

/// Measures the connecting of blocks, and how much of it is the store.
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connect blocks in a new ledger, and write the same batches to a bare store."
    )

    @Option(help: "A known network or a genesis file.")
    var network = ChosenNetwork(argument: "dev")

    @Option(help: "How many blocks of 1,000 entries.")
    var blocks = 100

    @Option(help: "How many authors take turns.")
    var authors = 100

    @Option(help: "Where the stores are made and removed; the system's place unless given.")
    var folder: String?

    @OptionGroup var report: ReportOptions

    func run() async throws {
        let network = try network.load()
        let generated = try await SampleEntries.blocks(
            entries: blocks * 1_000,
            on: network,
            authors: authors
        )
        let judged = try generated.map { block in
            let entries = block.entries.compactMap { ValidEntry(recorded: $0) }
            guard entries.count == block.entries.count else {
                throw MeasureFailure.generated("a payload is malformed")
            }
            return (header: block.header, entries: entries)
        }
        let entries = judged.reduce(0) { $0 + $1.entries.count }
        let folder = try TemporaryFolder(in: folder)
        let (batches, computing, whole, bytes) = try connect(judged, in: folder.path, network)
        let bare = try write(batches, in: folder.path)
        let reference = try ReferenceStore(batches).write(in: folder.path)
        var report = Report("connect")
        report.add("entries", entries, "entries")
        report.add("connected and stored", Double(entries) / whole, "entries/s")
        report.add("connected without the store", Double(entries) / computing, "entries/s")
        report.add("the same batches, bare store", Double(entries) / bare, "entries/s")
        report.add("whole to bare store", 100 * bare / whole, "%")
        report.add("the same batches, LevelDB in C", Double(entries) / reference, "entries/s")
        report.add("whole to LevelDB in C", 100 * reference / whole, "%")
        report.add("on disk, an entry", Double(bytes) / Double(entries), "bytes")
        report.show(asJSON: self.report.asJSON)
    }

    private func connect(
        _ blocks: [(header: ValidHeader, entries: [ValidEntry])],
        in folder: String,
        _ network: Network
    ) throws -> (batches: [WriteBatch], computing: Double, whole: Double, bytes: Int) {
        let path = folder + "/ledger"
        let store = try LevelDBStore(path: path)
        try StoreFormat.prepare(store, network: network)
        var ledger = try Ledger(opening: store, network: network)
        var batches: [WriteBatch] = []
        var computing = 0.0
        let whole = Stopwatch()
        for block in blocks {
            let watch = Stopwatch()
            let batch = try ledger.connect(block.header, entries: block.entries)
            computing += watch.seconds
            try store.commit(batch, durable: true)
            batches.append(batch)
        }
        return (batches, computing, whole.seconds, try TemporaryFolder.byteCount(of: path))
    }

    private func write(_ batches: [WriteBatch], in folder: String) throws -> Double {
        let store = try LevelDBStore(path: folder + "/bare")
        let watch = Stopwatch()
        for batch in batches { try store.commit(batch, durable: true) }
        return watch.seconds
    }
}
