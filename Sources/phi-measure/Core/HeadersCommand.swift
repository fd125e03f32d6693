import ArgumentParser
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiNode

/// Measures what a node holds while a peer feeds it headers without enough work.
struct HeadersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "headers",
        abstract: "Feed a node headers of a long chain with little work, and weigh it."
    )

    @Option(help: "How many headers.")
    var count = 30_000_000

    @Option(help: "Where the store is made and removed; the system's place unless given.")
    var folder: String?

    @OptionGroup var report: ReportOptions

    func run() throws {
        guard (4_096...100_000_000).contains(count) else {
            throw MeasureFailure.option("--count takes 4,096 to 100,000,000")
        }
        let folder = try TemporaryFolder(in: folder)
        let store = try LevelDBStore(path: folder.path + "/ledger")
        let identities = (
            try SigningKey(seed: [UInt8](repeating: 1, count: 32)).verifyingKey,
            try SigningKey(seed: [UInt8](repeating: 2, count: 32)).verifyingKey
        )
        var flood = try HeaderFlood(store: store, limit: count, identities: identities)
        _ = try flood.feed(try flood.next())
        let before = Machine.peakResidentBytes
        var most = 0
        var nodeSeconds = 0.0
        let watch = Stopwatch()
        while flood.count < count {
            let batch = try flood.next()
            let step = Stopwatch()
            let wantsMore = try flood.feed(batch)
            nodeSeconds += step.processorSeconds
            most = max(most, flood.node.headerSyncBytes)
            guard wantsMore || flood.count == count else {
                throw MeasureFailure.answer("the node asks for no more headers")
            }
        }
        let seconds = watch.seconds
        if count.isMultiple(of: 2_048) { _ = try flood.feed(try flood.next()) }
        var report = Report("headers")
        report.add("headers", count, "headers")
        report.add("judged, one core", Double(count) / nodeSeconds, "headers/s")
        report.add("made and judged, one core", Double(count) / seconds, "headers/s")
        report.add("held by the node at most", most, "bytes")
        report.add("held when the chain ended", flood.node.headerSyncBytes, "bytes")
        report.add("headers kept", Int(flood.node.status.bestHeaderHeight.rawValue), "headers")
        report.add("peak of the process before", before, "bytes")
        report.add("peak of the process after", Machine.peakResidentBytes, "bytes")
        report.show(asJSON: self.report.asJSON)
    }
}
