import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// How far an entry shall have got before the command ends.
struct WaitOptions: ParsableArguments {
    /// A step that can be waited for.
    enum Step: String, ExpressibleByArgument, CaseIterable {
        /// In a node's mempool, which is when a node answers.
        case pending
        /// In a block.
        case recorded
        /// Deep enough that a rewrite is unlikely.
        case settled

        var delivery: DeliveryStep {
            switch self {
            case .pending: .pending
            case .recorded: .recorded
            case .settled: .settled
            }
        }
    }

    @Option(name: .long, help: "The step to wait for: pending, recorded or settled.")
    var wait = Step.pending

    @Option(name: .long, help: "Seconds to wait for that step at most.")
    var waitTimeout: Double = 600

    func validate() throws {
        guard waitTimeout.isFinite, (0.1...604_800).contains(waitTimeout) else {
            throw ValidationError("--wait-timeout must be seconds from 0.1 to 604800.")
        }
    }

    /// Whether the node has nobody to pass the entry on to, so that waiting has no sense.
    private func isAlone(
        _ written: WrittenEntry,
        _ participant: Participant
    ) async throws -> Bool {
        guard written.status.status == .sending else { return false }
        guard try await participant.node.info().sync.peers == 0 else { return false }
        Terminal.standardError.line(
            "The node has the entry safely, but no peer yet to pass it on to."
        )
        return true
    }

    /// The status once the entry has got there.
    func reached(
        _ written: WrittenEntry,
        _ participant: Participant
    ) async throws -> EntryStatusDocument {
        if wait == .pending, try await isAlone(written, participant) { return written.status }
        return try await participant.wait(
            for: written.id,
            until: wait.delivery,
            patience: .seconds(waitTimeout)
        )
    }
}

extension WrittenEntry {
    /// The entry as a document, with the place where it has got to.
    func json(_ status: EntryStatusDocument) -> JSON {
        let meeting = entry.kind == .open ? id : entry.meeting
        return JSON(status).merging([
            ("kind", .string(entry.kind.name)), ("meeting", .string(meeting.hex)),
            ("author", .string(entry.author.hex)),
            ("seq", .integer(Int64(clamping: entry.sequence))),
        ])
    }

    /// One line about the entry.
    func text(_ status: EntryStatusDocument) -> String {
        let place = status.place.map { " at height \($0.height)" } ?? ""
        return "\(entry.kind.name) \(id.hex) \(status.status.rawValue)\(place)"
    }
}
