import ArgumentParser
import PhiChain
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiMeetings
import PhiNode

/// Measures what joins by link cost a node block by block while they wait.
struct JoinsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "joins",
        abstract: "Let joins by link wait in a pool while blocks without them connect."
    )

    /// Meetings are filled up to this many members, below what each takes.
    private static let joinsPerMeeting = 4_000

    @Option(help: "How many joins wait.")
    var joins = 10_000

    @Option(help: "How many blocks connect meanwhile.")
    var blocks = 10

    @Option(help: "A known network or a genesis file.")
    var network = ChosenNetwork(argument: "dev")

    @Option(help: "Where the store is made and removed; the system's place unless given.")
    var folder: String?

    @OptionGroup var report: ReportOptions

    func run() async throws {
        guard (1...40_000).contains(joins), (1...1_000).contains(blocks) else {
            throw MeasureFailure.option("--joins takes 1 to 40,000, --blocks 1 to 1,000")
        }
        let network = try network.load()
        let folder = try TemporaryFolder(in: folder)
        let store = try LevelDBStore(path: folder.path + "/ledger")
        let entries = try await prepare(on: network)
        var crowd = try WaitingCrowd(store: store, network: network)
        let taking = Stopwatch()
        try crowd.submit(entries)
        let taken = taking.seconds
        var connecting: [Double] = []
        var choosing: [Double] = []
        for _ in 0..<blocks {
            let block = Stopwatch()
            try crowd.connectEmptyBlock()
            connecting.append(block.seconds)
            let template = Stopwatch()
            guard try crowd.countOfTemplate() > 0 else {
                throw MeasureFailure.answer("the template has none of the joins")
            }
            choosing.append(template.seconds)
        }
        var report = Report("joins")
        report.add("waiting joins", crowd.waiting, "entries")
        report.add("taken into the pool", 1e6 * taken / Double(joins), "us each")
        report.add("a block without them, median", 1e3 * Self.median(connecting), "ms")
        report.add("a template with them, median", 1e3 * Self.median(choosing), "ms")
        report.show(asJSON: self.report.asJSON)
    }

    private static func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }

    /// The opens and the joins of as many meetings as it takes, judged as entries of peers are not.
    private func prepare(on network: Network) async throws -> [ValidEntry] {
        let builder = EntryBuilder(
            network: network,
            anchorHeight: .genesis,
            anchorHash: network.chain,
            time: network.genesis.time
        )
        var entries: [ValidEntry] = []
        for first in stride(from: 0, to: joins, by: Self.joinsPerMeeting) {
            guard let secret = MeetingSecret([UInt8](repeating: 7, count: 32)) else { continue }
            var host = Author(index: 1 << 24 + first, seed: 1)
            let key = try host.key()
            let open = try host.open(
                title: "Crowd",
                with: builder,
                key: key,
                secret: secret
            )
            entries.append(try ValidEntry(judging: open, on: network))
            let numbers = first..<min(first + Self.joinsPerMeeting, joins)
            entries += try await Cores.map(Array(numbers)) { part in
                try part.map { index in
                    var author = Author(index: index, seed: 1)
                    let key = try author.key()
                    let join = try author.join(open.id, with: builder, key: key, secret: secret)
                    return try ValidEntry(judging: join, on: network)
                }
            }
        }
        return entries
    }
}

/// A node whose pool fills with entries that its blocks leave out.
private struct WaitingCrowd {
    private let store: LevelDBStore
    private let rules: HeaderRules
    private var node: Node<LevelDBStore>
    private var history = MerkleFrontier()
    private var now: Timestamp

    init(store: LevelDBStore, network: Network) throws {
        self.store = store
        rules = HeaderRules(network)
        history.append(leaf: network.genesis.historyLeaf)
        now = WallClock.now
        try StoreFormat.prepare(store, network: network)
        node = try Node(
            store: store,
            network: network,
            identity: try Author(index: 0, seed: 11).key().verifyingKey,
            policy: .local,
            seed: 1
        )
        try step(.started(ownRecord: nil))
    }

    /// Entries in the pool.
    var waiting: Int { node.pooledCount }

    mutating func submit(_ entries: [ValidEntry]) throws {
        try step(.submitted(entries.map { (token: 1, entry: $0) }))
    }

    /// Connects a block without entries and lays the pool over it.
    mutating func connectEmptyBlock() throws {
        let tip = node.tip
        var header = try rules.draft(
            after: tip,
            time: max(now, rules.earliestTime(after: tip.header)),
            entryCount: 0,
            bodyBytes: 0,
            entriesRoot: MerkleTree.emptyRoot,
            historyRoot: history.root
        )
        let target = try rules.target(of: header.bits)
        guard let nonce = header.firstNonce(meeting: target, in: 0..<1 << 44) else {
            throw MeasureFailure.generated("no nonce was found for a block")
        }
        header.nonce = nonce
        history.append(leaf: header.historyLeaf)
        now = max(now, header.time)
        try step(.mined(header, []))
        guard node.tip.header == header else {
            throw MeasureFailure.answer("the node does not take the block")
        }
    }

    /// Entries of the block that a miner would look for now.
    func countOfTemplate() throws -> Int {
        try node.template(at: now.adding(milliseconds: 1_000))?.entries.count ?? 0
    }

    private mutating func step(_ event: Event) throws {
        var events = [event]
        while !events.isEmpty {
            for effect in node.step(events.removeFirst(), at: now) {
                switch effect {
                case .commit(let batch, let durable): try store.commit(batch, durable: durable)
                case .resume: events.append(.resume)
                case .reply(_, .failure(let refusal)):
                    throw MeasureFailure.refused("\(refusal)")
                case .halt(let reason): throw MeasureFailure.refused("halted: \(reason)")
                default: break
                }
            }
        }
    }
}
