import ArgumentParser
import PhiChain
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiMeetings

/// Measures how fast a node's core takes entries from their bytes to the disk.
struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Decode, judge, pool and durably write entries, beside judging them alone."
    )

    @Option(help: "A known network or a genesis file.")
    var network = ChosenNetwork(argument: "dev")

    @Option(help: "How many entries.")
    var entries = 20_000

    @Option(help: "How many entries share a durable write.")
    var together = 512

    @Option(help: "Where the store is made and removed; the system's place unless given.")
    var folder: String?

    @OptionGroup var report: ReportOptions

    func run() async throws {
        guard (1...50_000).contains(entries), together > 0 else {
            throw MeasureFailure.option("a pool takes 1 to 50,000 entries")
        }
        let network = try network.load()
        let builder = EntryBuilder(
            network: network,
            anchorHeight: .genesis,
            anchorHash: network.chain,
            time: WallClock.now
        )
        let prepared = try await PreparedAuthors(entries, with: builder)
        let samples = Array(prepared.inTurns.prefix(10_000))
        let rate = SignatureRate(samples, on: network)
        let reference = ReferenceSignatures(samples)
        let cores = Machine.coreCount
        let before = try await rate.entries(cores: cores, seconds: 1)
        let rawBefore = try await reference.rate(cores: cores, seconds: 1)
        let (seconds, processorSeconds) = try await ingest(prepared, on: network)
        let rawAfter = try await reference.rate(cores: cores, seconds: 1)
        let after = try await rate.entries(cores: cores, seconds: 1)
        let judged = (before.perSecond + after.perSecond) / 2
        let raw = (rawBefore.perSecond + rawAfter.perSecond) / 2
        let judgedTime = (1 / before.perProcessorSecond + 1 / after.perProcessorSecond) / 2
        let count = Double(entries)
        var report = Report("ingest")
        report.add("ingested", count / seconds, "entries/s")
        report.add("entries judged alone", judged, "entries/s")
        report.add("libcrypto alone", raw, "/s")
        report.add("ingested to judged", 100 * count / seconds / judged, "%")
        report.add("ingested to libcrypto alone", 100 * count / seconds / raw, "%")
        report.add("processor time of an entry", processorSeconds / count * 1e6, "us")
        let share = 100 * judgedTime * count / processorSeconds
        report.add("judging in the processor time", share, "%")
        report.show(asJSON: self.report.asJSON)
    }

    private func ingest(
        _ prepared: PreparedAuthors,
        on network: Network
    ) async throws -> (seconds: Double, processorSeconds: Double) {
        let folder = try TemporaryFolder(in: folder)
        let store = try LevelDBStore(path: folder.path + "/ledger")
        try StoreFormat.prepare(store, network: network)
        let identity = try Author(index: 0, seed: 11).key().verifyingKey
        let party = try Party(store: store, network: network, identity: identity)
        let open = try ValidEntry(judging: prepared.open, on: network)
        await party.start()
        try await party.submit([open])
        let texts = prepared.inTurns.map(\.bytes)
        let parts = stride(from: 0, to: texts.count, by: together).map {
            Array(texts[$0..<min($0 + together, texts.count)])
        }
        let watch = Stopwatch()
        try await Self.judge(parts, on: network) { try await party.submit($0) }
        return (watch.seconds, watch.processorSeconds)
    }

    /// Decodes and judges parts on all cores and hands them over in their order.
    private static func judge(
        _ parts: [[[UInt8]]],
        on network: Network,
        _ submit: ([ValidEntry]) async throws -> Void
    ) async throws {
        let ahead = 4 * Machine.coreCount
        try await withThrowingTaskGroup(of: (Int, [ValidEntry]).self) { group in
            var judged: [Int: [ValidEntry]] = [:]
            var next = 0
            var begun = 0
            while next < parts.count {
                while begun < min(parts.count, next + ahead) {
                    let (index, part) = (begun, parts[begun])
                    group.addTask { (index, try part.map { try Self.judge($0, on: network) }) }
                    begun += 1
                }
                if let (index, entries) = try await group.next() { judged[index] = entries }
                while let entries = judged.removeValue(forKey: next) {
                    try await submit(entries)
                    next += 1
                }
            }
        }
    }

    private static func judge(_ bytes: [UInt8], on network: Network) throws -> ValidEntry {
        let limit = network.parameters.maximumPayloadBytes
        return try ValidEntry(judging: Entry(decoding: bytes, payloadLimit: limit), on: network)
    }
}
