import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// Meetings.
struct MeetingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meeting",
        abstract: "Open, join, run and end meetings.",
        subcommands: [
            MeetingCreate.self, MeetingJoin.self, MeetingList.self, MeetingShow.self,
            MeetingMembers.self, MeetingAdmit.self, MeetingRevoke.self, MeetingClose.self,
            MeetingApprove.self, MeetingMinutes.self,
        ]
    )
}

/// Opens a meeting.
struct MeetingCreate: AsyncParsableCommand {
    /// Who can read.
    enum Reading: String, ExpressibleByArgument, CaseIterable {
        /// Everybody.
        case everyone = "public"
        /// Whoever has the link.
        case secretHolders = "private"

        var policy: ReadingPolicy { self == .everyone ? .everyone : .secretHolders }
    }

    /// Who can write.
    enum Writing: String, ExpressibleByArgument, CaseIterable {
        /// Every key.
        case anyone
        /// Whoever has the link.
        case link
        /// Those whom the host names.
        case named

        var policy: WritingPolicy {
            switch self {
            case .anyone: .anyone
            case .link: .link
            case .named: .named
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Open a meeting and print its link.",
        discussion: """
            Opening costs 64 times the stamp of a message. Whoever has the link of a private
            meeting can read it. The record is permanent: nobody can take an entry back.

            Examples:
              phi-ledger meeting create --title "Stand-up"
              phi-ledger meeting create --title Board --reading private --writing named
            """
    )

    @Option(name: .long, help: "The title.")
    var title: String

    @Option(name: .long, help: "Who can read: public or private.")
    var reading = Reading.secretHolders

    @Option(name: .long, help: "Who can write: anyone, link or named.")
    var writing = Writing.link

    @Option(name: .long, help: "Blocks after which it closes by itself; 0 is never.")
    var lifetime: UInt32 = 0

    @Option(name: .long, help: "The address of a node's page, to print a link for browsers too.")
    var page: String?

    @OptionGroup var wait: WaitOptions
    @OptionGroup var options: ParticipantOptions

    func validate() throws {
        guard title.utf8.count <= Int(MeetingTerms.titleByteLimit) else {
            throw ValidationError("The title has more than \(MeetingTerms.titleByteLimit) bytes.")
        }
        if let page, !page.hasPrefix("https://"), !page.hasPrefix("http://") {
            throw ValidationError("--page must begin with https:// or http://.")
        }
    }

    func run() async throws {
        let (opened, status) = try await options.with { participant in
            let info = try await participant.node.info()
            let opened = try await participant.open(
                title: title,
                reading: reading.policy,
                writing: writing.policy,
                lifetime: lifetime,
                peers: LinkPeer.callable(info)
            )
            return (opened, try await wait.reached(opened.written, participant))
        }
        let link = opened.link.text
        var members: [(String, JSON)] = [("link", .string(link))]
        if let page { members.append(("webLink", .string(opened.link.webText(node: page)))) }
        let web = page.map { "\npage     \(opened.link.webText(node: $0))" } ?? ""
        options.output.console.emit(
            opened.written.json(status).merging(members),
            "meeting  \(opened.meeting.hex)\nlink     \(link)\(web)"
        )
    }
}

/// Takes part in a meeting.
struct MeetingJoin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Join a meeting by its link.",
        discussion: """
            The link is kept in the keystore, so that other commands can name the meeting by its
            id. On the command line a link is seen by other users of this machine; - reads it from
            standard input instead. The peers that the link carries are told to the node, where this
            program has the node's token.

            Examples:
              phi-ledger meeting join phi:phi1…#…
              phi-ledger meeting join - < link.txt
            """
    )

    @Argument(help: "The link; - reads it from standard input.")
    var link: String

    @OptionGroup var wait: WaitOptions
    @OptionGroup var options: ParticipantOptions

    func run() async throws {
        let reference = try options.reference(link)
        let (joined, status) = try await options.with { participant in
            await participant.node.introduce(reference)
            let joined = try await participant.join(reference)
            guard let written = joined.written else { return (joined, EntryStatusDocument?.none) }
            return (joined, try await wait.reached(written, participant))
        }
        let document: JSON = [
            "meeting": .string(joined.meeting.hex), "author": .string(joined.author.hex),
            "title": joined.title.map(JSON.string) ?? .null,
            "entry": joined.written.map { .string($0.id.hex) } ?? .null,
            "status": status.map { .string($0.status.rawValue) } ?? .null,
        ]
        options.output.console.emit(
            document,
            """
            meeting  \(joined.meeting.hex)
            title    \(Wording.safe(joined.title ?? "sealed"))
            author   \(joined.author.hex)
            """
        )
    }
}
