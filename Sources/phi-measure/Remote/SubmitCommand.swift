import ArgumentParser
import PhiAPI
import PhiClient
import PhiLedger

/// Measures how fast a node takes entries.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit entries that were signed beforehand, over several connections."
    )

    @OptionGroup var remote: RemoteOptions

    @Option(help: "How many entries.")
    var count = 5_000

    @Option(help: "Over how many connections; each waits for every answer.")
    var connections = 32

    @OptionGroup var report: ReportOptions

    func run() async throws {
        guard count > 0, connections > 0 else {
            throw MeasureFailure.option("there must be an entry and a connection")
        }
        let settings = try remote.single()
        let prepared = try await NodeClient.with(settings) { client in
            let prepared = try await PreparedAuthors(count, at: client)
            _ = try await client.submit(prepared.open)
            return prepared
        }
        let target = try LoadTarget(settings)
        var requests = [[[UInt8]]](repeating: [], count: connections)
        for (index, entries) in prepared.messages.enumerated() {
            requests[index % connections] += entries.map { entry in
                target.request("entry.submit", [("entry", .string(Base64.encode(entry.bytes)))])
            }
        }
        let timed = try await Load.once(requests, at: target)
        var report = Report("submit")
        report.add("entries", timed.latencies.count, "entries")
        report.add("connections", connections, "connections")
        report.add("taken", timed.rate, "entries/s")
        report.add("entry.submit", timed.latencies)
        report.show(asJSON: self.report.asJSON)
    }
}
