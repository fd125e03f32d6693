import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger

/// Measures how much a node answers through RPC.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Ask a node as fast as it answers, beside a server that answers a constant."
    )

    @OptionGroup var remote: RemoteOptions

    @Option(help: "Where “phi-measure constant” serves; its figures are the reference.")
    var constantURL: String?

    @Option(help: "The meeting's id; the one with the most entries unless given.")
    var meeting: String?

    @Option(help: "How many connections; each waits for every answer.")
    var connections: [Int] = [1, 16, 64]

    @Option(help: "Seconds for each of the figures.")
    var seconds = 1.0

    @Option(help: "The number of the node's process, to tell its processor time.")
    var process: Int?

    @OptionGroup var report: ReportOptions

    func run() async throws {
        guard seconds > 0, connections.allSatisfy((1...1_000).contains) else {
            throw MeasureFailure.option("there must be a time, and 1 to 1,000 connections")
        }
        let settings = try remote.single()
        let chosen = try await NodeClient.with(settings) { client in
            try await MeetingDocument.largest(at: client, named: meeting)
        }
        let node = try LoadTarget(settings)
        var questions: [(name: String, target: LoadTarget, request: [UInt8])] = []
        if let constantURL {
            let constant = try LoadTarget(NodeClient.Settings(address: constantURL))
            let request = constant.request("chain.tip")
            questions.append(("constant", constant, request))
        }
        let page: [(String, JSON)] = [
            ("meeting", .string(chosen.meeting.hex)), ("limit", 100), ("direction", "backward"),
        ]
        questions.append(("chain.tip", node, node.request("chain.tip")))
        questions.append(
            ("history", node, node.request("meeting.history", page))
        )
        var report = Report("load")
        for count in connections {
            for question in questions {
                let name = "\(question.name), \(count) connections"
                let before = spent
                let outcome = try await Load.repeating(
                    question.request,
                    at: question.target,
                    connections: count,
                    seconds: seconds
                )
                report.add(name, outcome.rate, "/s")
                report.add(name, outcome.latencies)
                guard question.target.port == node.port, let before, let spent else { continue }
                let each = (spent - before) / Double(outcome.latencies.count)
                report.add("\(name), processor time of the node", each * 1e6, "us")
            }
        }
        report.show(asJSON: self.report.asJSON)
    }

    /// Processor time of the node until now.
    private var spent: Double? { process.flatMap { ProcessorTime(process: $0).seconds } }
}
