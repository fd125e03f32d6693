import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger

/// Measures how fast a node answers pages of a history.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Ask for pages of 100 entries at the start, middle and end of a meeting."
    )

    @OptionGroup var remote: RemoteOptions

    @Option(help: "The meeting's id; the first of the node's list unless given.")
    var meeting: String?

    @Option(help: "How many pages at each place.")
    var requests = 2_000

    @Option(help: "Over how many connections; each waits for every answer.")
    var connections = 8

    @OptionGroup var report: ReportOptions

    func run() async throws {
        guard requests > 0, connections > 0 else {
            throw MeasureFailure.option("there must be a request and a connection")
        }
        let settings = try remote.single()
        let (name, middle, size) = try await NodeClient.with(settings) { client in
            let meeting = try await chosen(at: client)
            let tip = try await client.tip().height.rawValue
            let middle = (meeting.openHeight.rawValue + tip) / 2
            return (meeting.meeting.hex, Int64(middle), meeting.minutes.count)
        }
        let page: [(String, JSON)] = [("meeting", .string(name)), ("limit", 100)]
        let questions: [(String, [UInt8])] = [
            ("first page", RawCaller.request("meeting.history", page)),
            (
                "middle page",
                RawCaller.request("meeting.history", page + [("from", .integer(middle))])
            ),
            (
                "last page",
                RawCaller.request("meeting.history", page + [("direction", "backward")])
            ),
            ("chain.tip", RawCaller.request("chain.tip")),
        ]
        var report = Report("history")
        report.add("entries of the meeting", Double(size), "entries")
        report.add("connections", connections, "connections")
        let each = [Int](0..<connections).map { (requests + $0) / connections }
        try await RawCaller.with(settings, connections: connections) { caller in
            for (name, request) in questions {
                _ = try await caller.call(request)
                let timed = try await caller.time(
                    each.map { [[UInt8]](repeating: request, count: $0) }
                )
                let rate = Double(timed.latencies.count) / timed.seconds
                report.add(name, rate, "requests/s")
                report.add(name, timed.latencies)
            }
        }
        report.show(asJSON: self.report.asJSON)
    }

    private func chosen(at client: NodeClient) async throws -> MeetingDocument {
        let page = try await client.meetings(limit: 500)
        let found = page.items.first { meeting == nil || $0.meeting.hex == meeting }
        guard let found else { throw MeasureFailure.answer("the node knows no such meeting") }
        return found
    }
}
