import ArgumentParser
import PhiClient

/// Receipts, without any node.
struct ReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "Check receipts, offline.",
        subcommands: [ReceiptVerify.self]
    )
}

/// Judges receipts.
struct ReceiptVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check receipts, offline.",
        discussion: """
            A valid receipt proves who signed what, after and before which time, and how much work
            stands on it, in one chain. Compare the chain with the one you mean, or name a block
            of it that you trust with --header.

            The exit status is 0 when all receipts are valid, and else 4.

            Examples:
              phi-ledger receipt verify vote.phi
              phi-ledger receipt verify --header 00000a… *.phi --json
            """
    )

    @Argument(help: "The files; - reads standard input.", completion: .file(extensions: ["phi"]))
    var files: [String]

    @OptionGroup var options: VerifyOptions

    func validate() throws { try VerifyOptions.validate(files) }

    func run() throws { try options.check(files, by: judge) }

    private func judge(_ file: String) throws -> ReceiptCheck {
        do throws(FileFailure) {
            let bytes =
                file == "-"
                ? try PrivateFile.readAll(0, "standard input", limit: ReceiptCheck.byteLimit)
                : try PrivateFile.read(file, limit: ReceiptCheck.byteLimit, isSecret: false)
            return ReceiptCheck.judge(bytes, file: file, trusted: options.header)
        } catch {
            guard case .tooLong = error else { throw error }
            return ReceiptCheck.refused(file, reason: "it is longer than any receipt")
        }
    }
}
