import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

/// A chain over a store that grows by random blocks, with entries of every kind.
struct RandomBlocks {
    /// One meeting and what its host needs to act in it.
    struct Meeting {
        let id: Digest
        let host: Int
        let link: TestKey?
    }

    let network: Network
    let store: MemoryStore
    var ledger: Ledger<MemoryStore>
    var chain: TestChain
    var table = StateTable()
    /// The judged entries of each block; the index is the height.
    var bodies: [[ValidEntry]] = [[]]
    private var authors: [TestAuthor]
    private var meetings: [Meeting] = []
    private var random: SeededRandom
    private(set) var kinds: [EntryKind: Int] = [:]

    init(seed: UInt64, undoWindow: UInt32 = 1_000) throws {
        network = TestNetwork.make(expiry: 8_640, undoWindow: undoWindow)
        store = MemoryStore()
        try StoreFormat.prepare(store, network: network)
        ledger = try Ledger(opening: store, network: network)
        chain = TestChain(on: network)
        authors = (0..<4).map { [network] in TestAuthor("author \($0)", on: network) }
        random = SeededRandom(seed: seed)
    }

    private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    /// Grows the chain by one block of random entries.
    mutating func grow() throws {
        let height = Height(ledger.tip.header.height.rawValue + 1)
        var state = ledger.state()
        var body: [ValidEntry] = []
        for _ in 0..<below(16) {
            let index = below(authors.count)
            var author = authors[index]
            guard let (entry, meeting) = try attempt(by: &author, index) else { continue }
            let valid = try ValidEntry(judging: entry, on: network)
            do { try state.apply(valid, at: height) } catch { continue }
            authors[index] = author
            if let meeting { meetings.append(meeting) }
            body.append(valid)
            kinds[entry.kind, default: 0] += 1
        }
        table.absorb(state)
        bodies.append(body)
        let block = chain.append(body.map(\.entry))
        try store.commit(ledger.connect(block.header, entries: body), durable: true)
    }

    private mutating func attempt(
        by author: inout TestAuthor,
        _ index: Int
    ) throws -> (Entry, Meeting?)? {
        if meetings.count < 3 || below(20) == 0 {
            let writing = WritingPolicy.allCases[below(WritingPolicy.allCases.count)]
            let link = writing == .link ? TestKey("link \(meetings.count)") : nil
            let lifetime = below(3) == 0 ? UInt32(5 + below(20)) : 0
            let entry = author.open(
                writing: writing,
                linkKey: link?.verifyingKey ?? .zero,
                lifetime: lifetime
            )
            return (entry, Meeting(id: entry.id, host: index, link: link))
        }
        let meeting = meetings[meetings.count - 1 - below(min(4, meetings.count))]
        let other = authors[below(authors.count)].key
        switch below(index == meeting.host ? 10 : 6) {
        case 0, 1: return (author.message("\(below(1_000))", in: meeting.id), nil)
        case 2, 3: return (author.join(meeting.id, by: meeting.link), nil)
        case 4, 5:
            guard let state = try ledger.chain.meeting(meeting.id) else { return nil }
            let entry = author.approve(state.minutes, of: meeting.id, close: state.close)
            return (entry, nil)
        case 6, 9: return (author.admit([other], to: meeting.id), nil)
        case 7: return (author.revoke([other], in: meeting.id), nil)
        default: return (author.close(meeting.id), nil)
        }
    }

    /// Takes back the tip.
    mutating func takeBack() throws {
        let (batch, block) = try ledger.disconnect()
        precondition(block.body == chain.blocks[Int(block.header.height.rawValue)].body)
        store.commit(batch, durable: true)
    }

    /// Connects the block above the tip again.
    mutating func putBack() throws {
        let height = Int(ledger.tip.header.height.rawValue) + 1
        let batch = try ledger.connect(chain.blocks[height].header, entries: bodies[height])
        store.commit(batch, durable: true)
    }

    /// All records that follow from the chain.
    ///
    /// At the genesis block the tip is written down or not, which is the same.
    var records: [[UInt8]] {
        let isGenesis = ledger.tip.header.height == .genesis
        let tip = [Schema.fact.rawValue, Schema.Fact.tip.rawValue]
        return store.pairs
            .filter { $0.key[0] != Schema.sideBlock.rawValue && !(isGenesis && $0.key == tip) }
            .map { $0.key + $0.value }
    }
}
