import ArgumentParser
import PhiClient

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

    @OptionGroup var options: VerifyOptions

    func validate() throws { try VerifyOptions.validate(files) }

    func run() throws {
        try options.check(files) { file in
            guard file != "-" else {
                return try MinutesCheck.judge(0, file: "standard input", trusted: options.header)
            }
            return try PrivateFile.withOpen(file) { descriptor throws(FileFailure) in
                try MinutesCheck.judge(descriptor, file: file, trusted: options.header)
            }
        }
    }
}
