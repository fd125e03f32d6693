import ArgumentParser
import PhiClient
import PhiConsensus
import PhiLedger

/// Makes a chain for `phi-ledger chain import`.
struct ChainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chain",
        abstract: "Make a valid chain of signed entries for “phi-ledger chain import”."
    )

    @Option(help: "A known network or a genesis file; stamps of the known dev cost nothing.")
    var network = ChosenNetwork(argument: "dev")

    @Option(help: "How many entries, those that open meetings counted in.")
    var entries: Int

    @Option(help: "How many entries in each block.")
    var perBlock = 1_000

    @Option(help: "How many authors take turns.")
    var authors = 100

    @Option(help: "How many meetings they write to.")
    var meetings = 10

    @Flag(help: "Have each author join first, with one of the entries.")
    var joins = false

    @Option(help: "Fixes keys, salts and texts.")
    var seed: UInt64 = 1

    @Option(help: "The file to write, one line for each block.")
    var output: String

    @OptionGroup var report: ReportOptions

    func run() async throws {
        let plan = try ChainPlan(
            network: network.load(),
            entries: entries,
            perBlock: perBlock,
            authors: authors,
            meetings: meetings,
            joins: joins,
            seed: seed
        )
        var generator = try ChainGenerator(plan, now: WallClock.now)
        let file = try OutputFile(output)
        let watch = Stopwatch()
        var blocks = 0
        var bodyBytes = 0
        while true {
            let run = try await generator.next()
            guard !run.isEmpty else { break }
            for block in run {
                try file.append(ChainLine.bytes(of: block))
                blocks += 1
                bodyBytes += Int(block.header.header.bodyBytes)
            }
        }
        var report = Report("chain")
        report.add("entries", entries, "entries")
        report.add("blocks", blocks, "blocks")
        report.add("bytes of an entry, mean", Double(bodyBytes) / Double(entries), "bytes")
        report.add("made", Double(entries) / watch.seconds, "entries/s")
        report.show(asJSON: self.report.asJSON)
    }
}
