import ArgumentParser

/// Measures the verification of signatures and of whole entries.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify signatures and entries on one core and on all."
    )

    @Option(help: "A known network or a genesis file.")
    var network = ChosenNetwork(argument: "dev")

    @Option(help: "Seconds for each of the figures.")
    var seconds = 3.0

    @OptionGroup var report: ReportOptions

    func run() async throws {
        let network = try network.load()
        let blocks = try await SampleEntries.blocks(entries: 10_000, on: network)
        let rate = SignatureRate(blocks.flatMap(\.entries), on: network)
        let cores = Machine.coreCount
        let single = try await rate.signatures(cores: 1, seconds: seconds)
        let all = try await rate.signatures(cores: cores, seconds: seconds)
        let whole = try await rate.entries(cores: cores, seconds: seconds)
        var report = Report("verify")
        report.add("signatures, one core", single.perSecond, "/s")
        report.add("signatures, \(cores) cores", all.perSecond, "/s")
        report.add("entries, \(cores) cores", whole.perSecond, "/s")
        report.add("entries to signatures", 100 * whole.perSecond / all.perSecond, "%")
        report.add("signatures, processor second", all.perProcessorSecond, "/s")
        report.add("entries, processor second", whole.perProcessorSecond, "/s")
        report.show(asJSON: self.report.asJSON)
    }
}
