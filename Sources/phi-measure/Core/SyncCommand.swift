import ArgumentParser
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB

/// Measures how fast one node's core gets a chain from another's, without sockets.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Let one core fetch a chain from another in this process."
    )

    @Option(help: "A known network or a genesis file.")
    var network = ChosenNetwork(argument: "dev")

    @Option(help: "How many entries the chain has.")
    var entries = 100_000

    @Option(help: "How many entries in each block.")
    var perBlock = 1_000

    @Option(help: "How many authors take turns.")
    var authors = 100

    @Option(help: "Where the stores are made and removed; the system's place unless given.")
    var folder: String?

    @OptionGroup var report: ReportOptions

    func run() async throws {
        let network = try network.load()
        let blocks = try await SampleEntries.blocks(
            entries: entries,
            on: network,
            perBlock: perBlock,
            authors: authors
        )
        guard let tip = blocks.last?.header.hash else {
            throw MeasureFailure.option("a chain has one entry at least")
        }
        let folder = try TemporaryFolder(in: folder)
        let source = try LevelDBStore(path: folder.path + "/source")
        try Self.fill(source, with: blocks, on: network)
        let target = try LevelDBStore(path: folder.path + "/target")
        try StoreFormat.prepare(target, network: network)
        let samples = blocks.prefix(20).flatMap(\.entries)
        let rate = SignatureRate(samples, on: network)
        let cores = Machine.coreCount
        let before = try await rate.signatures(cores: cores, seconds: 2)
        let giver = Author(index: 0, seed: 11)
        let taker = Author(index: 1, seed: 11)
        let giverKey = try giver.key().verifyingKey
        let takerKey = try taker.key().verifyingKey
        let server = try Party(store: source, network: network, identity: giverKey)
        let client = try Party(store: target, network: network, identity: takerKey)
        let watch = Stopwatch()
        await Self.run(client, takerKey, with: server, giverKey, until: tip)
        let seconds = watch.seconds
        let processorSeconds = watch.processorSeconds
        if let failure = await client.failure { throw MeasureFailure.answer(failure) }
        let after = try await rate.signatures(cores: cores, seconds: 2)
        let raw = (before.perSecond + after.perSecond) / 2
        let rawProcessor = (before.perProcessorSecond + after.perProcessorSecond) / 2
        let count = Double(blocks.reduce(0) { $0 + $1.entries.count })
        let work = await client.effort
        let serving = await server.effort
        var report = Report("sync")
        report.add("entries", count, "entries")
        report.add("synchronized", count / seconds, "entries/s")
        report.add("signatures, \(cores) cores", raw, "/s")
        report.add("synchronized to signatures", 100 * count / seconds / raw, "%")
        report.add("processors busy", processorSeconds / seconds, "")
        let ratio = processorSeconds * rawProcessor / count
        report.add("processor time to that of signatures", ratio, "")
        report.add("processor time of an entry", processorSeconds / count * 1e6, "us")
        report.add("of it: steps of the core that fetches", work.steps / count * 1e6, "us")
        report.add("of it: commits", work.commits / count * 1e6, "us")
        report.add("of it: steps of the core that serves", serving.steps / count * 1e6, "us")
        report.add("of it: encoding", serving.encoding / count * 1e6, "us")
        report.show(asJSON: self.report.asJSON)
    }

    /// Connects a whole chain without judging it again.
    private static func fill(
        _ store: LevelDBStore,
        with blocks: [GeneratedBlock],
        on network: Network
    ) throws {
        try StoreFormat.prepare(store, network: network)
        var ledger = try Ledger(opening: store, network: network)
        for block in blocks {
            let entries = block.entries.compactMap { ValidEntry(recorded: $0) }
            try store.commit(
                try ledger.connect(block.header, entries: entries),
                durable: false
            )
        }
    }

    private static func run(
        _ client: Party,
        _ clientKey: VerifyingKey,
        with server: Party,
        _ serverKey: VerifyingKey,
        until goal: Digest
    ) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                await client.run(until: goal)
                await client.stop()
                await server.stop()
            }
            group.addTask { await server.run(until: .zero) }
            group.addTask { await client.receive(server.outgoing) }
            group.addTask { await server.receive(client.outgoing) }
            group.addTask {
                await server.meet(clientKey, isInbound: true)
                await client.meet(serverKey, isInbound: false)
            }
        }
    }
}
