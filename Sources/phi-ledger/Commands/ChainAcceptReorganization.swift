import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiDaemon
import PhiLedger

/// Lets a node follow a deep reorganization.
struct ChainAcceptReorganization: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-reorg",
        abstract: "Follow a reorganization that a node held back as too deep.",
        discussion: """
            A node never rewrites history deeper than its undo window unasked: it stops and names
            the branch. Ask others which chain is the right one before you accept. With --data the
            chain of the stopped node is taken back to the fork, and the old one is kept beside
            it; the node follows the branch when it starts again. Without --data a running node is
            told beforehand.

            Examples:
              phi-ledger chain accept-reorg 00000a… --data /var/lib/phi-ledger/main
              phi-ledger chain accept-reorg 00000a…
            """
    )

    @Argument(help: "The hash of the branch's last block, as the node named it.")
    var block: Digest

    @Option(
        name: .customLong("data"),
        help: "The data folder of the stopped node.",
        completion: .directory
    )
    var folder: String?

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard let folder else {
            let tip = try await node.with { try await $0.acceptReorganization(to: block) }
            return output.console.emit(
                tip,
                "The node follows the branch when it meets it; its tip is \(tip.block.hex)."
            )
        }
        guard let pending = PendingReorganization.pending(in: folder) else {
            throw CommandFailure(
                "No node stopped before a branch in \(folder); name its data folder with --data."
            )
        }
        guard pending.block == block else {
            throw CommandFailure(
                "The node stopped before the branch of \(pending.block.hex), not before that of "
                    + "\(block.hex); name the one that you want to follow.",
                status: .refused
            )
        }
        let line = ProgressLine()
        defer { line.clear() }
        let evidence = try PendingReorganization.accept(
            pending,
            in: folder,
            progress: { line.show("Replaying height \($0) of \(pending.fork)") }
        )
        line.clear()
        output.console.emit(
            [
                "block": .string(block.hex),
                "height": .integer(Int64(pending.fork.rawValue)),
                "evidence": .string(evidence),
            ],
            """
            The chain is taken back to height \(pending.fork); start the node, and it follows the
            branch. The old chain is kept in \(evidence).
            """
        )
    }
}
