import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// Lists meetings.
struct MeetingList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the meetings that the node knows, or those of your keystore.",
        discussion: """
            Examples:
              phi-ledger meeting list --limit 20
              phi-ledger meeting list --mine --json
            """
    )

    @Option(name: .long, help: "How many meetings at most.")
    var limit = 100

    @Flag(name: .long, help: "Only those of your keystore, with their links; asks no node.")
    var mine = false

    @OptionGroup var node: NodeOptions
    @OptionGroup var keys: KeystoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit must be 1 or more.") }
    }

    func run() async throws {
        guard !mine else { return try listKept() }
        try await node.with { client in
            var cursor: String?
            var left = limit
            repeat {
                let page = try await client.meetings(cursor: cursor, limit: min(left, 500))
                for meeting in page.items { show(meeting) }
                left -= page.items.count
                cursor = page.next
            } while cursor != nil && left > 0
        }
    }

    private func show(_ meeting: MeetingDocument) {
        let title = meeting.terms.readableTitle.map(Wording.safe) ?? "(sealed)"
        output.console.emit(
            meeting,
            "\(meeting.meeting.hex)  \(meeting.isOpen ? "open  " : "closed")  "
                + "\(meeting.terms.reading.name)/\(meeting.terms.writing.name)  \(title)"
        )
    }

    private func listKept() throws {
        let network = try node.network.document().network
        let contents = try keys.open(node.network).contents()
        let kept = contents.all.filter { $0.chain == network.chain }
        for meeting in kept.prefix(limit) {
            let link = meeting.link(prefix: network.prefix).text
            let author = try Participant.author(of: meeting, in: contents)
            output.console.emit(
                [
                    "meeting": .string(meeting.meeting.hex), "author": .string(author.hex),
                    "title": .string(meeting.title), "isHost": .bool(meeting.isHost),
                    "link": .string(link),
                ],
                "\(meeting.meeting.hex)  \(meeting.isHost ? "host " : "guest")  "
                    + Wording.safe(meeting.title)
            )
        }
    }
}

/// Shows a meeting.
struct MeetingShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the terms and the state of a meeting.",
        discussion: """
            Example:
              phi-ledger meeting show phi1…
            """
    )

    @Argument(
        help: "The meeting: an id, its bech32m form, or a link (- reads it from standard input)."
    )
    var meeting: String

    @OptionGroup var options: ParticipantOptions

    func run() async throws {
        let reference = try options.reference(meeting)
        let network = try options.node.network.document().network
        let keystore = try options.keystoreIfAny()
        let (found, title) = try await options.node.with { client in
            let found = try await client.meeting(reference.meeting)
            let reading = MeetingReading(
                of: reference,
                at: client,
                network: network,
                keystore: keystore
            )
            return (found, try await reading.reader().title)
        }
        let terms = found.terms
        options.output.console.emit(
            JSON(found).merging([("title", title.map(JSON.string) ?? .null)]),
            """
            meeting  \(found.meeting.hex)
            title    \(title.map(Wording.safe) ?? "(sealed)")
            host     \(found.host.hex)
            opened   \(Wording.time(found.open.authorTime)), height \(found.openHeight)
            state    \(found.isOpen ? "open" : "closed")
            reading  \(terms.reading.name)
            writing  \(terms.writing.name)
            members  \(found.members)
            entries  \(found.minutes.count)
            """
        )
    }
}

/// Lists the members.
struct MeetingMembers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members",
        abstract: "List who writes in a meeting, and who was shut out.",
        discussion: """
            Example:
              phi-ledger meeting members phi1… --json
            """
    )

    @Argument(
        help: "The meeting: an id, its bech32m form, or a link (- reads it from standard input)."
    )
    var meeting: String

    @OptionGroup var options: ParticipantOptions

    func run() async throws {
        let reference = try options.reference(meeting)
        let members = try await options.node.with { client in
            try await client.allMembers(of: reference.meeting)
        }
        for member in members {
            options.output.console.emit(
                member,
                "\(member.author.hex)  \(member.state.rawValue)  \(member.entries) entries"
                    + (member.hasApproved ? "  approved" : "")
            )
        }
    }
}

/// Shows the minutes.
struct MeetingMinutes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "minutes",
        abstract: "Show the minutes of a meeting, computed here from its entries.",
        discussion: """
            Count and root are computed from the entries and compared with what the node claims.
            Once the meeting has ended, consensus has fixed them, and members sign them with
            “meeting approve”.

            Example:
              phi-ledger meeting minutes phi1…
            """
    )

    @Argument(
        help: "The meeting: an id, its bech32m form, or a link (- reads it from standard input)."
    )
    var meeting: String

    @OptionGroup var options: ParticipantOptions

    func run() async throws {
        let id = try options.reference(meeting).meeting
        let network = try options.node.network.document().network
        let (found, computed, approvals) = try await options.node.with { client in
            let found = try await client.minutes(of: id)
            let computed = try await client.computedMinutes(of: id, on: network)
            let approvals = try await client.approvals(of: id, on: network, computed)
            return (found, computed, approvals)
        }
        guard found.minutes == computed else {
            throw ParticipantFailure.minutesMismatch(claimed: found.minutes, computed: computed)
        }
        options.output.console.emit(
            [
                "meeting": .string(id.hex), "closed": .bool(found.isClosed),
                "count": .integer(Int64(clamping: computed.count)),
                "root": .string(computed.root.hex),
                "close": found.close.isZero ? .null : .string(found.close.hex),
                "approvals": .array(
                    approvals.map {
                        ["entry": .string($0.id.hex), "author": .string($0.entry.author.hex)]
                    }
                ),
            ],
            """
            meeting   \(id.hex)
            state     \(found.isClosed ? "closed, final" : "open, still growing")
            entries   \(computed.count)
            root      \(computed.root.hex)
            approved  \(approvals.isEmpty ? "by nobody yet" : "by \(approvals.count)")
            """
                + approvals.map { "\n          \($0.entry.author.hex)" }.joined()
        )
    }
}
