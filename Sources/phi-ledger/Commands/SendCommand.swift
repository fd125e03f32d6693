import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiMeetings

/// Writes into meetings.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Write into a meeting.",
        subcommands: [SendMessage.self]
    )
}

/// Writes a message.
struct SendMessage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message",
        abstract: "Write a message.",
        discussion: """
            The message is signed, sealed where the meeting is private, and stamped here; the node
            gets the result only. A meeting named by its link is joined first.

            Examples:
              phi-ledger send message phi:phi1…#… "Good morning"
              phi-ledger send message phi1… "We agree." --wait settled
              date | phi-ledger send message phi1… -
            """
    )

    @Argument(
        help: "The meeting: an id, its bech32m form, or a link (- reads it from standard input)."
    )
    var meeting: String

    @Argument(help: "The text; - reads it from standard input.")
    var text: String

    @Option(name: .long, help: "The entry that this one answers.")
    var replyTo: String?

    @OptionGroup var wait: WaitOptions
    @OptionGroup var options: ParticipantOptions

    func validate() throws {
        guard meeting != "-" || text != "-" else {
            throw ValidationError("Standard input can give the link or the text, not both.")
        }
        if let replyTo, Digest(hex: replyTo) == nil {
            throw ValidationError("--reply-to must be an entry's id of 64 hexadecimal digits.")
        }
        guard !text.isEmpty else { throw ValidationError("The text is empty.") }
    }

    func run() async throws {
        let reference = try options.reference(meeting)
        let said = text == "-" ? try StandardInput.text(limit: 1 << 20) : text
        let content: MessageContent =
            if let target = replyTo.flatMap({ Digest(hex: $0) }) {
                .reply(to: target, said)
            } else {
                .text(said)
            }
        let (written, status) = try await options.with { participant in
            let written = try await participant.send(content, to: reference)
            return (written, try await wait.reached(written, participant))
        }
        options.output.console.emit(written.json(status), written.text(status))
    }
}
