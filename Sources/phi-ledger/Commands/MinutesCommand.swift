import ArgumentParser
import PhiClient
import PhiCrypto

/// Minutes as files, without any node.
struct MinutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "minutes",
        abstract: "Check minutes, offline.",
        subcommands: [MinutesVerify.self]
    )
}

/// Judges files of minutes.
struct MinutesVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check minutes, offline.",
        discussion: """
            Reads what the page exports, the page that verifies itself or JSON Lines; nothing of
            a page is run. Valid minutes prove who signed each entry, and the order of each
            author's entries. That nothing is missing is proved only by the receipt of an
            approval, in the chain that the receipt is of: name a block of it that you trust with
            --header. Without a receipt it is the word of those who signed.

            The exit status is 0 when all files are valid, and else 4.

            Examples:
              phi-ledger minutes verify minutes.html
              phi-ledger minutes verify --header 00000a… *.jsonl --json
            """
    )

    @Argument(
        help: "The files; - reads standard input.",
        completion: .file(extensions: ["html", "jsonl"])
    )
    var files: [String]

    @Option(name: .long, help: "The hash of a block that you know to be in the right chain.")
    var header: Digest?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard files.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("Standard input can give one file only.")
        }
    }

    func run() throws {
        var areAllValid = true
        for file in files {
            let check =
                file == "-"
                ? try MinutesCheck.judge(0, file: "standard input", trusted: header)
                : try PrivateFile.withOpen(file) { descriptor throws(FileFailure) in
                    try MinutesCheck.judge(descriptor, file: file, trusted: header)
                }
            areAllValid = areAllValid && check.isValid
            output.console.emit(check.json, check.text(files.count > 1))
        }
        guard areAllValid else { throw ReportedFailure(status: .refused) }
    }
}
