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
        let page = PageRequests(of: chosen.meeting.hex, [("direction", "backward")], at: node)
        var questions: [Question] = []
        if let constantURL {
            let constant = try LoadTarget(NodeClient.Settings(address: constantURL))
            let request = constant.request("chain.tip")
            questions.append(Question(name: "constant", target: constant) { same(request, $0) })
        }
        let tip = node.request("chain.tip")
        questions += [
            Question(name: "chain.tip", target: node) { same(tip, $0) },
            Question(name: "history", target: node) { page.same(connections: $0) },
            Question(name: "history anew", target: node) { page.different(connections: $0) },
        ]
        var report = Report("load")
        for count in connections {
            for question in questions {
                let name = "\(question.name), \(count) connections"
                let before = spent
                let outcome = try await Load.repeating(
                    question.requests(count),
                    at: question.target,
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

    /// What is asked, of whom.
    private struct Question {
        let name: String
        let target: LoadTarget
        /// The requests of so many connections.
        let requests: (Int) -> [[[UInt8]]]
    }

    /// One request for each of so many connections.
    private func same(_ request: [UInt8], _ connections: Int) -> [[[UInt8]]] {
        [[[UInt8]]](repeating: [request], count: connections)
    }

    /// Processor time of the node until now.
    private var spent: Double? { process.flatMap { ProcessorTime(process: $0).seconds } }
}
