import Dispatch
import PhiAPI
import PhiChat
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// A chat without a terminal: lines in, lines out.
struct LineChat {
    let joined: JoinedMeeting
    let participant: Participant
    let name: String?
    let goesOn: Bool
    let view: HistoryView

    /// Talks until the input ends and all of it is with the node.
    func run() async throws {
        let talk = LineTalk(in: joined, as: participant)
        if let name { try await talk.take(name: name) }
        let failures = try await talk.run(
            InputLines.all(byteLimit: talk.byteLimit),
            goesOn: goesOn,
            show: { view.show($0) },
            fail: { view.console.note("phi-ledger: \($0)") }
        )
        guard failures == 0 else {
            throw CommandFailure("\(failures) lines were not sent.", status: .refused)
        }
    }
}

/// The lines of standard input, read no faster than they are used.
enum InputLines {
    /// Lines that are read ahead at most.
    private static let ahead = 16

    /// All lines, without their ends, until the input ends.
    static func all(byteLimit: Int) -> LineTalk.Input {
        let (lines, line) = AsyncStream.makeStream(of: LineTalk.Line.self)
        let room = DispatchSemaphore(value: ahead)
        DispatchQueue(label: "input").async {
            while let text = readLine(strippingNewline: true) {
                line.yield(text.utf8.count > byteLimit ? .tooLong(text.utf8.count) : .text(text))
                room.wait()
            }
            line.finish()
        }
        return LineTalk.Input(lines: lines, isUsed: { _ = room.signal() })
    }
}
