import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger

/// Measures how fast a node answers pages of a history.
struct PagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pages",
        abstract: "Ask for pages of 100 entries at the start, middle and end of a meeting."
    )

    @OptionGroup var remote: RemoteOptions

    @Option(help: "The meeting's id; the one with the most entries unless given.")
    var meeting: String?

    @Option(help: "Over how many connections; each waits for every answer.")
    var connections = 8

    @Option(help: "Seconds for each of the places.")
    var seconds = 2.0

    @OptionGroup var report: ReportOptions

    func run() async throws {
        guard seconds > 0, connections > 0 else {
            throw MeasureFailure.option("there must be a time and a connection")
        }
        let settings = try remote.single()
        let target = try LoadTarget(settings)
        let (chosen, middle) = try await NodeClient.with(settings) { client in
            let chosen = try await MeetingDocument.largest(at: client, named: meeting)
            let tip = try await client.tip().height.rawValue
            return (chosen, Int64((chosen.openHeight.rawValue + tip) / 2))
        }
        let places: [(name: String, more: [(String, JSON)])] = [
            ("first page", []), ("middle page", [("from", .integer(middle))]),
            ("last page", [("direction", "backward")]),
        ]
        var report = Report("pages")
        report.add("entries of the meeting", Double(chosen.minutes.count), "entries")
        report.add("connections", connections, "connections")
        for place in places {
            let requests = PageRequests(of: chosen.meeting.hex, place.more, at: target)
            for (name, lists) in [
                (place.name, requests.different(connections: connections)),
                ("\(place.name), kept", requests.same(connections: connections)),
            ] {
                let outcome = try await Load.repeating(lists, at: target, seconds: seconds)
                report.add(name, outcome.rate, "pages/s")
                report.add(name, outcome.latencies)
            }
        }
        report.show(asJSON: self.report.asJSON)
    }
}

extension MeetingDocument {
    /// The meeting of a name, or the one with the most entries where none is given.
    static func largest(
        at client: NodeClient,
        named name: String?
    ) async throws -> MeetingDocument {
        let found = try await client.meetings(limit: 500).items
            .filter { name == nil || $0.meeting.hex == name }
            .max { $0.minutes.count < $1.minutes.count }
        guard let found else { throw MeasureFailure.answer("the node knows no such meeting") }
        return found
    }
}
