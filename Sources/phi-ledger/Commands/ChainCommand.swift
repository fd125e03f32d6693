import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger

/// The chain of blocks.
struct ChainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chain",
        abstract: "Look at blocks, check a data folder, carry chains in files.",
        subcommands: [
            ChainTip.self, ChainHeader.self, ChainBlock.self, ChainVerify.self, ChainExport.self,
            ChainImport.self, ChainAcceptReorganization.self,
        ]
    )
}

/// Where the best chain ends.
struct ChainTip: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tip",
        abstract: "Show the last block of the node's best chain.",
        discussion: """
            Example:
              phi-ledger chain tip --json
            """
    )

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let tip = try await node.with { try await $0.tip() }
        output.console.emit(
            tip,
            """
            block   \(tip.block.hex)
            height  \(tip.height)
            time    \(Wording.time(tip.time))
            work    0x\(tip.chainWork.hex)
            """
        )
    }
}

/// A header.
struct ChainHeader: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "header",
        abstract: "Show the header of a block.",
        discussion: """
            Example:
              phi-ledger chain header 1000
            """
    )

    @Argument(help: "The block's height or hash.")
    var block: BlockArgument

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let header = try await node.with { try await $0.header(block.reference) }
        output.console.emit(HeaderDocument(header), Self.text(header))
    }

    static func text(_ header: Header) -> String {
        """
        block      \(header.hash.hex)
        height     \(header.height)
        previous   \(header.previous.hex)
        time       \(Wording.time(header.time))
        bits       \(String(header.bits, radix: 16))
        work       0x\(header.chainWork.hex)
        entries    \(header.entryCount), \(header.bodyBytes) bytes
        """
    }
}

/// A block.
struct ChainBlock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "block",
        abstract: "Show a block and its entries.",
        discussion: """
            Example:
              phi-ledger chain block 1000 --json
            """
    )

    @Argument(help: "The block's height or hash.")
    var block: BlockArgument

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let found = try await node.with { try await $0.block(block.reference) }
        output.console.emit(found, ChainHeader.text(found.header.header) + entries(of: found))
    }

    private func entries(of block: BlockDocument) -> String {
        guard case .entries(let entries) = block.contents else { return "" }
        return entries.map { document in
            "\n  \(document.id.hex)  \(document.entry.kind.name)"
        }.joined()
    }
}
