import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto

/// Single entries.
struct EntryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entry",
        abstract: "Look at one entry.",
        subcommands: [EntryStatus.self, EntryReceipt.self]
    )
}

/// Where an entry stands.
struct EntryStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell where an entry stands on the ladder of delivery.",
        discussion: """
            The steps: sending, pending, recorded, settled (12 deep), deep (60 deep); returned
            after a reorganization, expired when it was never recorded.

            Example:
              phi-ledger entry status 3f1c…
            """
    )

    @Argument(help: "The entry's id.")
    var entry: Digest

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let status = try await node.with { try await $0.status(of: entry) }
        let place = status.place.map { ", height \($0.height), depth \(status.depth)" } ?? ""
        output.console.emit(status, "\(status.status.rawValue)\(place)")
    }
}

/// Fetches a receipt.
struct EntryReceipt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "Fetch the receipt of an entry: a file that anyone can check offline.",
        discussion: """
            The receipt is checked here before it is written.

            Examples:
              phi-ledger entry receipt 3f1c… -o vote.phi
              phi-ledger entry receipt 3f1c… --erased --confirmations 12
            """
    )

    @Argument(help: "The entry's id.")
    var entry: Digest

    @Option(name: .shortAndLong, help: "The file to write; standard output unless given.")
    var output: String?

    @Option(name: .long, help: "How many following headers the receipt shows, 0 to 100.")
    var confirmations: Int?

    @Option(name: .long, help: "A later block that the receipt leads to: a height or a hash.")
    var tip: BlockArgument?

    @Flag(name: .long, help: "Leave the content out.")
    var erased = false

    @OptionGroup var node: NodeOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
        if let confirmations, !(0...100).contains(confirmations) {
            throw ValidationError("--confirmations must be 0 to 100.")
        }
    }

    func run() async throws {
        let found = try await node.with { client in
            try await client.receipt(
                of: entry,
                tip: tip?.reference,
                confirmations: confirmations,
                includesPayload: !erased
            )
        }
        let text = Array(found.receipt.utf8)
        let verdict = ReceiptCheck.judge(text, file: output ?? "-", trusted: nil)
        guard verdict.isValid, verdict.entry == entry else {
            throw CommandFailure(
                "The node's receipt is not valid (\(verdict.reason ?? "it is of another entry")); "
                    + "ask another node."
            )
        }
        if let output { try PublicFile.write(text, to: output) }
        if format.json {
            let file: JSON = output.map(JSON.string) ?? .null
            format.console.emit(JSON(found).merging([("file", file)]), "")
        } else if let output {
            format.console.note("Wrote \(output), \(text.count) bytes.")
        } else {
            Terminal.standardOutput.write(text)
        }
    }
}
