import ArgumentParser
import PhiClient
import PhiCrypto
import PhiMeetings

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

    @Option(name: .long, help: "The hash of a block that you know to be in the right chain.")
    var header: Digest?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard files.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("Standard input can give one receipt only.")
        }
    }

    func run() throws {
        var areAllValid = true
        for file in files {
            let verdict: ReceiptCheck
            do throws(FileFailure) {
                let bytes =
                    file == "-"
                    ? try PrivateFile.readAll(0, "standard input", limit: ReceiptCheck.byteLimit)
                    : try PrivateFile.read(file, limit: ReceiptCheck.byteLimit, isSecret: false)
                verdict = ReceiptCheck.judge(bytes, file: file, trusted: header)
            } catch {
                guard case .tooLong = error else { throw error }
                verdict = ReceiptCheck.refused(file, reason: "it is longer than any receipt")
            }
            areAllValid = areAllValid && verdict.isValid
            output.console.emit(verdict.json, verdict.text(files.count > 1))
        }
        guard areAllValid else { throw ReportedFailure(status: .refused) }
    }
}
