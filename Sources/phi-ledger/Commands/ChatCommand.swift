import ArgumentParser
import FoundationEssentials
import PhiAPI
import PhiChat
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// Talks in a meeting.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Talk in a meeting, on the terminal.",
        discussion: """
            Shows the meeting as it goes on, with how far each message is: sending, pending, in a
            block, settled, deep. The meeting is joined where that is needed, with a key of your
            keystore; the first time you are asked for a name. /help explains marks, keys and
            commands; Ctrl-D or /quit leaves.

            Where standard input or output is no terminal, each line of the input is a message, and
            each entry of the meeting is a line of the output; it ends when the input does and all
            is with the node. A line that begins with a slash is a message like any other then.

            Examples:
              phi-ledger chat phi:phi1…#…
              phi-ledger chat phi1… --name Ada
              date | phi-ledger chat phi1… --json
              phi-ledger chat phi1… --follow < /dev/null | grep -i agenda
            """
    )

    @Argument(
        help: "The meeting: an id, its bech32m form, or a link (- reads it from standard input)."
    )
    var meeting: String

    @Option(name: .long, help: "What you are called in the meeting, 64 bytes at most.")
    var name: String?

    @Flag(name: .long, help: "Without a terminal: go on after the end of the input, until Ctrl-C.")
    var follow = false

    @OptionGroup var options: ParticipantOptions

    func validate() throws {
        guard let name else { return }
        guard !name.isEmpty, name.utf8.count <= Int(Profile.nameByteLimit) else {
            throw ValidationError("--name must have 1 to \(Profile.nameByteLimit) bytes.")
        }
    }

    func run() async throws {
        let isOnScreen = Chat.isPossible && !options.output.json && meeting != "-"
        let reference = try options.reference(meeting)
        let progress = StampProgress()
        let relay = ChatProgress(otherwise: { progress.show($0) })
        let waiting = try await options.with(progress, observe: relay.observe) {
            participant in
            await participant.node.introduce(reference)
            let joined = try await participant.join(reference)
            progress.end()
            guard isOnScreen else {
                try await LineChat(
                    joined: joined,
                    participant: participant,
                    name: name,
                    goesOn: follow,
                    view: HistoryView(console: options.output.console)
                )
                .run()
                return 0
            }
            var settings = ChatSettings(name: name, save: Self.save)
            settings.hasStyle = ProcessInfo.processInfo.environment["NO_COLOR"] == nil
            let chat = Chat(in: joined, as: participant, progress: relay, settings: settings)
            return try await chat.run()
        }
        guard waiting == 0 else {
            throw CommandFailure("\(waiting) of your messages were not sent.")
        }
    }

    @Sendable private static func save(_ name: String, _ bytes: [UInt8]) throws -> String {
        try PublicFile.write(bytes, to: name)
        return name
    }
}
