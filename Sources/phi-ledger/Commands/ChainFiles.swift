import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiDaemon
import PhiLedger

/// Which data folder of a stopped node is meant.
struct DataOptions: ParsableArguments {
    @OptionGroup var network: NetworkOptions

    @Option(
        name: .customLong("data"),
        help: "The node's data folder (default: ~/.local/share/phi-ledger/NETWORK).",
        completion: .directory
    )
    var folder: String?

    func path() throws -> String { try folder ?? network.folder() }
}

/// Judges everything in a data folder anew.
struct ChainVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judge everything in a data folder anew; the node must be stopped.",
        discussion: """
            Nothing is changed. The command says what it looked at.

            Example:
              phi-ledger chain verify --data /var/lib/phi-ledger/main
            """
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        Interrupt.begin()
        let line = ProgressLine()
        defer { line.clear() }
        let report = try await OfflineChain.verify(
            data: data.path(),
            network: data.network.document().network,
            progress: { line.show("Verifying \($0.text)") }
        )
        line.clear()
        output.console.emit(
            [
                "block": .string(report.tip.hex),
                "height": .integer(Int64(report.height.rawValue)),
                "headers": .integer(Int64(clamping: report.headers)),
                "entries": .integer(Int64(clamping: report.entries)),
                "meetings": .integer(Int64(clamping: report.meetings)),
                "authors": .integer(Int64(clamping: report.authors)),
                "indexRecords": .integer(Int64(clamping: report.indexRecords)), "valid": true,
            ],
            """
            The ledger is right up to height \(report.height), block \(report.tip.hex). Checked:
              \(report.headers) headers: links, times, difficulty, proof of work, history roots
              \(report.entries) entries: roots, payloads, stamps, signatures, rules of meetings
              \(report.meetings) meetings and \(report.authors) authors: state replayed and compared
              \(report.indexRecords) index records: compared, and none besides
            """
        )
    }
}

/// Writes a chain into a file.
struct ChainExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the chain into a file; the node must be stopped.",
        discussion: """
            The file is JSON Lines: one block a line, header in hexadecimal, body in base64. A file
            that holds a part of the chain is continued.

            Examples:
              phi-ledger chain export chain.jsonl
              phi-ledger chain export - | zstd > chain.jsonl.zst
            """
    )

    @Argument(help: "The file; - writes standard output.", completion: .file())
    var file: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard file != "-" || !output.json else {
            throw ValidationError("--json and standard output as the file exclude each other.")
        }
    }

    func run() async throws {
        Interrupt.begin()
        let line = ProgressLine()
        defer { line.clear() }
        let written = try await OfflineChain.export(
            data: data.path(),
            network: data.network.document().network,
            to: file,
            progress: { line.show("Exporting \($0.text)") }
        )
        line.clear()
        guard file != "-" else { return }
        output.console.emit(
            ["file": .string(file), "blocks": .integer(Int64(clamping: written))],
            "Wrote \(written) blocks to \(file)."
        )
    }
}

/// Reads a chain from a file.
struct ChainImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read a chain from a file, judging everything; the node must be stopped.",
        discussion: """
            Blocks that the ledger has are passed over, so an import that was interrupted is simply
            started again.

            Examples:
              phi-ledger chain import chain.jsonl
              zstdcat chain.jsonl.zst | phi-ledger chain import - --data /var/lib/phi-ledger/main
            """
    )

    @Argument(help: "The file; - reads standard input.", completion: .file())
    var file: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        Interrupt.begin()
        let line = ProgressLine()
        defer { line.clear() }
        let report = try await OfflineChain.import(
            data: data.path(),
            network: data.network.document().network,
            from: file,
            now: WallClock.now,
            progress: { line.show("Importing \($0.text)") }
        )
        line.clear()
        output.console.emit(
            [
                "file": .string(file), "known": .integer(Int64(clamping: report.known)),
                "added": .integer(Int64(clamping: report.added)),
                "entries": .integer(Int64(clamping: report.entries)),
                "height": .integer(Int64(report.tip.rawValue)),
            ],
            "Added \(report.added) blocks with \(report.entries) entries, \(report.known) were "
                + "known; the tip is at height \(report.tip)."
        )
    }
}

extension OfflineChain.Progress {
    /// The progress as a bar and numbers.
    var text: String {
        let width = 24
        let done = min(width, max(0, Int(fraction * Double(width))))
        let bar = String(repeating: "#", count: done) + String(repeating: "-", count: width - done)
        return "[\(bar)] \(Int(fraction * 100)) %, \(blocks) blocks, \(entries) entries"
    }
}
