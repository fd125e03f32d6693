import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Synchronization

/// A chain whose blocks are connected in a store as they are mined.
struct QueryFixture {
    let network: Network
    let store = MemoryStore()
    var chain: TestChain
    var ledger: Ledger<MemoryStore>
    /// Everything recorded so far, in order.
    var recorded: [(entry: Entry, position: Position)] = []

    init() throws {
        network = TestNetwork.make()
        try StoreFormat.prepare(store, network: network)
        ledger = try Ledger(opening: store, network: network)
        chain = TestChain(on: network)
    }

    var reader: ChainReader<MemoryStore.Snapshot> {
        ChainReader(store.snapshot(), network: network)
    }

    mutating func add(_ entries: [Entry] = []) throws {
        let block = chain.append(entries)
        var valid: [ValidEntry] = []
        for entry in entries { valid.append(try ValidEntry(judging: entry, on: network)) }
        store.commit(try ledger.connect(block.header, entries: valid), durable: false)
        for (index, entry) in entries.enumerated() {
            recorded.append((entry, Position(height: block.height, index: UInt16(index))))
        }
    }

    /// A meeting with many blocks of messages of two authors, and another meeting between.
    static func busy() throws -> (fixture: QueryFixture, meeting: Digest, ann: TestAuthor) {
        var fixture = try QueryFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        var ben = TestAuthor("ben", on: fixture.network)
        let open = ann.open(title: "one")
        let other = ben.open(title: "two")
        try fixture.add([open, other])
        for round in 0..<20 {
            ann.see(fixture.chain.tip)
            var entries = [ann.message("a\(round)", in: open.id)]
            if round.isMultiple(of: 2) { entries.append(ben.message("b\(round)", in: open.id)) }
            if round.isMultiple(of: 3) { entries.append(ann.message("c\(round)", in: other.id)) }
            try fixture.add(entries)
            if round.isMultiple(of: 5) { try fixture.add() }
        }
        return (fixture, open.id, ann)
    }

    /// The positions of the entries of a meeting or author, in order.
    func positions(where isIncluded: (Entry) -> Bool) -> [Position] {
        recorded.filter { isIncluded($0.entry) }.map(\.position)
    }
}

/// A reader that counts what is asked of it.
struct CountingReader: KeyValueReader {
    final class Count: Sendable {
        let reads = Mutex(0)
    }

    let base: MemoryStore.Snapshot
    let count = Count()

    func value(for key: [UInt8]) -> [UInt8]? {
        count.reads.withLock { $0 += 1 }
        return base.value(for: key)
    }

    func scan(
        from lower: [UInt8],
        to upper: [UInt8],
        backwards: Bool,
        _ visit: (_ key: [UInt8], _ value: [UInt8]) -> Bool
    ) {
        base.scan(from: lower, to: upper, backwards: backwards) { key, value in
            count.reads.withLock { $0 += 1 }
            return visit(key, value)
        }
    }
}
