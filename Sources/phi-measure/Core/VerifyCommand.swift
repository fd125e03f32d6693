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
        let entries = try await SampleEntries.blocks(entries: 20_000, on: network)
            .flatMap(\.entries)
        let rate = SignatureRate(entries, on: network)
        let reference = ReferenceSignatures(entries)
        let cores = Machine.coreCount
        let before = try await reference.rate(cores: cores, seconds: seconds / 2)
        let single = try await rate.signatures(cores: 1, seconds: seconds)
        let all = try await rate.signatures(cores: cores, seconds: seconds)
        let whole = try await rate.entries(cores: cores, seconds: seconds)
        let after = try await reference.rate(cores: cores, seconds: seconds / 2)
        let raw = (before.perSecond + after.perSecond) / 2
        let rawProcessor = (before.perProcessorSecond + after.perProcessorSecond) / 2
        var report = Report("verify")
        report.add("libcrypto alone, \(cores) cores", raw, "/s")
        report.add("libcrypto alone, processor second", rawProcessor, "/s")
        report.add("signatures, one core", single.perSecond, "/s")
        report.add("signatures, \(cores) cores", all.perSecond, "/s")
        report.add("entries, \(cores) cores", whole.perSecond, "/s")
        report.add("entries to signatures", 100 * whole.perSecond / all.perSecond, "%")
        report.add("signatures, processor second", all.perProcessorSecond, "/s")
        report.add("entries, processor second", whole.perProcessorSecond, "/s")
        report.add("entries to libcrypto alone", 100 * whole.perSecond / raw, "%")
        let share = 100 * whole.perProcessorSecond / rawProcessor
        report.add("entries to libcrypto alone, processor time", share, "%")
        report.show(asJSON: self.report.asJSON)
    }
}
