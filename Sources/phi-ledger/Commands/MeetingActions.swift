import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiMeetings

/// Names authors.
struct MeetingAdmit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admit",
        abstract: "Let authors write in a meeting whose host names them.",
        discussion: """
            The keys are what “identity show --meeting LINK” shows to those who want to write.

            Example:
              phi-ledger meeting admit phi1… 5ab0…
            """
    )

    @Argument(
        help: "The meeting: an id, its bech32m form, or a link (- reads it from standard input)."
    )
    var meeting: String

    @Argument(help: "The authors' keys.")
    var keys: [VerifyingKey]

    @OptionGroup var wait: WaitOptions
    @OptionGroup var options: ParticipantOptions

    func run() async throws {
        let id = try options.reference(meeting).meeting
        let (written, status) = try await options.with { participant in
            let written = try await participant.admit(keys, to: id)
            return (written, try await wait.reached(written, participant))
        }
        options.output.console.emit(written.json(status), written.text(status))
    }
}

/// Shuts authors out.
struct MeetingRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Shut authors out, and renew the meeting's secret.",
        discussion: """
            Where the meeting has a link or is private, a new secret is made: the old link admits
            nobody any more, and those shut out cannot read on. Members get the new secret by
            sealed messages; the new link is printed.

            Examples:
              phi-ledger meeting revoke phi1… 5ab0…
              phi-ledger meeting revoke phi1… 5ab0… --keep-secret
            """
    )

    @Argument(
        help: "The meeting: an id, its bech32m form, or a link (- reads it from standard input)."
    )
    var meeting: String

    @Argument(help: "The authors' keys.")
    var keys: [VerifyingKey]

    @Flag(name: .long, help: "Leave link and secret as they are.")
    var keepSecret = false

    @Flag(name: .long, help: "Do not let newcomers by the new link read what was said before.")
    var hideHistory = false

    @OptionGroup var wait: WaitOptions
    @OptionGroup var options: ParticipantOptions

    func validate() throws {
        guard !keepSecret || !hideHistory else {
            throw ValidationError("--keep-secret and --hide-history exclude each other.")
        }
    }

    func run() async throws {
        let id = try options.reference(meeting).meeting
        let (revoked, status) = try await options.with { participant in
            let revoked = try await participant.revoke(
                keys,
                in: id,
                renewsSecret: !keepSecret,
                hidesHistory: hideHistory
            )
            return (revoked, try await wait.reached(revoked.written, participant))
        }
        let link = revoked.link?.text
        let lost = revoked.unreachable.map(\.hex)
        let strangers = revoked.strangers.map(\.hex)
        options.output.console.emit(
            revoked.written.json(status).merging([
                ("link", link.map(JSON.string) ?? .null),
                ("deliveries", .array(revoked.deliveries.map { .string($0.id.hex) })),
                ("unreachable", .array(lost.map(JSON.string))),
                ("strangers", .array(strangers.map(JSON.string))),
            ]),
            revoked.written.text(status) + (link.map { "\nlink     \($0)" } ?? "")
                + lost.map { "\nwithout the new secret: \($0)" }.joined()
                + strangers.map { "\nwithout it, as nothing shows they had the old one: \($0)" }
                .joined()
        )
    }
}

/// Ends a meeting.
struct MeetingClose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "End a meeting, which fixes its minutes.",
        discussion: """
            The host signs the minutes once the end is settled, so that a reorganization hardly
            changes them any more. With --wait settled the command stays until then and signs.
            Otherwise any later command with this keystore does it, or “chat”, if it runs by then.

            Examples:
              phi-ledger meeting close phi1…
              phi-ledger meeting close phi1… --wait settled
            """
    )

    @Argument(
        help: "The meeting: an id, its bech32m form, or a link (- reads it from standard input)."
    )
    var meeting: String

    @Flag(name: .long, help: "The same as --wait settled.")
    var approve = false

    @OptionGroup var wait: WaitOptions
    @OptionGroup var options: ParticipantOptions

    func run() async throws {
        let id = try options.reference(meeting).meeting
        let (written, status, approval) = try await options.with { participant in
            let written = try await participant.close(id)
            guard approve || wait.wait == .settled else {
                let status = try await wait.reached(written, participant)
                return (written, status, WrittenEntry?.none)
            }
            let status = try await participant.wait(
                for: written.id,
                until: .settled,
                patience: .seconds(wait.waitTimeout)
            )
            guard case .signed(let approval) = try await participant.tend(id) else {
                return (written, status, WrittenEntry?.none)
            }
            return (written, status, approval)
        }
        if approval == nil {
            options.output.console.note(
                "Your signature under the minutes follows when the end is settled: the next command "
                    + "with this keystore gives it."
            )
        }
        let more = approval.map { "\n" + $0.text($0.status) } ?? ""
        options.output.console.emit(
            written.json(status).merging([
                ("approval", approval.map { $0.json($0.status) } ?? .null)
            ]),
            written.text(status) + more
        )
    }
}

/// Signs minutes.
struct MeetingApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Sign the minutes of a meeting that has ended.",
        discussion: """
            The minutes are computed from the entries first; nothing is signed where the node
            claims others.

            Example:
              phi-ledger meeting approve phi1… --wait recorded
            """
    )

    @Argument(
        help: "The meeting: an id, its bech32m form, or a link (- reads it from standard input)."
    )
    var meeting: String

    @OptionGroup var wait: WaitOptions
    @OptionGroup var options: ParticipantOptions

    func run() async throws {
        let id = try options.reference(meeting).meeting
        let (written, status) = try await options.with { participant in
            let written = try await participant.approve(id)
            return (written, try await wait.reached(written, participant))
        }
        options.output.console.emit(written.json(status), written.text(status))
    }
}
