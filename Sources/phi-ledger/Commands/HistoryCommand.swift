import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiMeetings

/// Reads a meeting.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Read a meeting.",
        discussion: """
            Every entry's signature is checked here, and what is sealed is opened with the secrets
            of your keystore or of the link. Without --limit all of the record is read.

            Examples:
              phi-ledger history phi1…
              phi-ledger history phi1… --limit 20 --pending --follow
              phi-ledger history phi:phi1…#… --json
            """
    )

    @Argument(
        help: "The meeting: an id, its bech32m form, or a link (- reads it from standard input)."
    )
    var meeting: String

    @Option(name: .long, help: "Only the newest entries, so many.")
    var limit: Int?

    @Option(name: .long, help: "Only entries of this author's key.")
    var author: VerifyingKey?

    @Flag(name: .long, help: "Also entries that are in no block yet.")
    var pending = false

    @Flag(name: .long, help: "Go on with new entries until Ctrl-C.")
    var follow = false

    @OptionGroup var options: ParticipantOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
    }

    func run() async throws {
        let reference = try options.reference(meeting)
        let network = try options.node.network.document().network
        let keystore = try options.keystoreIfAny()
        let view = HistoryView(console: options.output.console)
        try await options.node.with { client in
            let reading = MeetingReading(
                of: reference,
                at: client,
                network: network,
                keystore: keystore
            )
            var reader = try await reading.reader()
            var seen = try await reading.show(
                reader,
                limit: limit,
                author: author,
                pending: pending,
                view.show
            )
            guard follow else { return }
            try await LiveEvents(of: .meeting(reference.meeting), at: client).listen { _ in
                reader = try await reading.reader()
                seen = try await reading.showNew(
                    reader,
                    after: seen,
                    author: author,
                    pending: pending,
                    view.show
                )
                return .more
            }
        }
    }
}
