import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@testable import PhiChain

@Suite("A record that is damaged") struct DamagedRecordTests {
    private let fixture: QueryFixture
    private let ann: TestAuthor
    private let meeting: Digest

    init() throws {
        (fixture, meeting, ann) = try QueryFixture.busy()
    }

    private var chain: ChainReader<MemoryStore> { fixture.ledger.chain }
    private var tip: Height { fixture.ledger.tip.header.height }
    private var first: Position { Position(height: Height(1), index: 0) }

    /// Puts another value, or none, under a key.
    private func set(_ key: [UInt8], to value: [UInt8]?) {
        var batch = WriteBatch()
        if let value { batch.put(value, for: key) } else { batch.delete(key) }
        fixture.store.commit(batch, durable: true)
    }

    /// Drops the last byte of a value.
    private func shorten(_ key: [UInt8]) {
        set(key, to: fixture.store.value(for: key).map { Array($0.dropLast()) })
    }

    @Test("names its kind where it has the wrong length")
    func shortened() throws {
        let slot = AuthorSlot(meeting: meeting, author: ann.key)
        shorten(Schema.key(.meeting, meeting))
        #expect(throws: StoreFailure.malformedRecord(kind: "meeting")) {
            try chain.meeting(meeting)
        }
        shorten(Schema.key(slot))
        #expect(throws: StoreFailure.malformedRecord(kind: "author")) { try chain.author(slot) }
        shorten(Schema.key(.openings, ann.key))
        #expect(throws: StoreFailure.malformedRecord(kind: "openings")) {
            try chain.openings(by: ann.key)
        }
        shorten(Schema.key(.position, meeting))
        #expect(throws: StoreFailure.malformedRecord(kind: "position")) {
            try chain.position(of: meeting)
        }
        shorten(Schema.key(.header, tip))
        #expect(throws: StoreFailure.malformedRecord(kind: "header")) {
            try chain.header(at: tip)
        }
        shorten(Schema.key(.height, fixture.ledger.tip.hash))
        #expect(throws: StoreFailure.malformedRecord(kind: "height")) {
            try chain.height(of: fixture.ledger.tip.hash)
        }
        shorten(Schema.key(.entry, first))
        #expect(throws: StoreFailure.malformedRecord(kind: "entry")) {
            try chain.entry(at: first)
        }
        shorten(Schema.key(of: .tip))
        #expect(throws: StoreFailure.malformedRecord(kind: "tip")) { try chain.tip() }
    }

    @Test("stops the reading of a block that misses an entry")
    func missingEntry() throws {
        set(Schema.key(.entry, first), to: nil)
        #expect(throws: StoreFailure.malformedRecord(kind: "entry")) {
            try chain.entries(at: first.height)
        }
        #expect(throws: StoreFailure.malformedRecord(kind: "entry")) {
            try chain.body(at: first.height)
        }
        var prover = EntryProver(chain)
        #expect(throws: StoreFailure.malformedRecord(kind: "entry")) {
            try prover.proof(at: first)
        }
        #expect(throws: StoreFailure.malformedRecord(kind: "entry")) {
            try chain.history(HistoryQuery(.meeting(meeting)))
        }
        #expect(throws: StoreFailure.malformedRecord(kind: "entry")) {
            try chain.minutes(of: meeting, after: nil, count: 10)
        }
        let above = Height(tip.rawValue + 1)
        #expect(try chain.entries(at: above).isEmpty)
        #expect(try chain.body(at: above).isEmpty)
    }

    @Test("stops a proof that it belongs to")
    func proofs() throws {
        var prover = EntryProver(chain)
        let count = try #require(try chain.header(at: Height(1))).entryCount
        let past = Position(height: Height(1), index: UInt16(count))
        #expect(throws: StoreFailure.malformedRecord(kind: "position")) {
            try prover.proof(at: past)
        }
        #expect(throws: StoreFailure.malformedRecord(kind: "header")) {
            try prover.proof(at: Position(height: Height(tip.rawValue + 1), index: 0))
        }
        set(
            Schema.key(.entry, first),
            to: [UInt8](repeating: 1, count: Entry.envelopeByteCount - 1)
        )
        #expect(throws: StoreFailure.malformedRecord(kind: "entry")) {
            try chain.leaves(at: first.height)
        }
    }

    @Test("keeps a chain whose tip has no header from being opened")
    func missingTip() throws {
        set(Schema.key(.header, tip), to: nil)
        #expect(throws: StoreFailure.malformedRecord(kind: "tip")) {
            try Ledger(opening: fixture.store, network: fixture.network)
        }
    }

    @Test("keeps a chain that misses a header below its tip from being opened")
    func missingHeader() throws {
        // One of the few below the tip that no kept subtree root stands for.
        let last = Height(tip.rawValue - 1)
        try #require(tip.rawValue % 32 > 1)
        set(Schema.key(.header, last), to: nil)
        #expect(throws: StoreFailure.malformedRecord(kind: "header")) {
            try Ledger(opening: fixture.store, network: fixture.network)
        }
    }

    @Test("stops the tip from being taken back", arguments: [true, false])
    func undo(isAbsent: Bool) throws {
        let key = Schema.key(.undo, tip)
        if isAbsent { set(key, to: nil) } else { set(key, to: [0xff]) }
        var ledger = fixture.ledger
        let before = fixture.store.snapshot()
        #expect(throws: StoreFailure.malformedRecord(kind: "undo")) { try ledger.disconnect() }
        #expect(ledger.tip == fixture.ledger.tip)
        #expect(before.value(for: key) == fixture.store.value(for: key))
    }

    @Test("stops the genesis block from being taken back")
    func genesis() throws {
        let fixture = try QueryFixture()
        var ledger = fixture.ledger
        #expect(throws: StoreFailure.malformedRecord(kind: "tip")) { try ledger.disconnect() }
    }

    @Test("is named in a list of meetings", arguments: [true, false])
    func openings(isShort: Bool) throws {
        let key = Schema.key(.opening, first)
        if isShort {
            shorten(key)
            #expect(throws: StoreFailure.malformedRecord(kind: "opening")) {
                try chain.meetings(after: nil, isBackwards: false, count: 10)
            }
        } else {
            set(Schema.key(.meeting, meeting), to: nil)
            #expect(throws: StoreFailure.malformedRecord(kind: "opening")) {
                try chain.meetings(after: nil, isBackwards: false, count: 10)
            }
        }
    }

    @Test("of the pool is refused", arguments: [8, 9, 100])
    func pooled(count: Int) throws {
        let pool = PooledEntries(fixture.store, network: fixture.network)
        #expect(try pool.all().isEmpty)
        set(Schema.key(.pooled, meeting), to: [UInt8](repeating: 0, count: count))
        #expect(throws: StoreFailure.malformedRecord(kind: "pooled entry")) { try pool.all() }
    }

    @Test("of a side block is refused")
    func sideBlock() throws {
        var ledger = fixture.ledger
        let header = ledger.tip
        let (batch, block) = try ledger.disconnect()
        fixture.store.commit(batch, durable: true)
        let side = SideBlocks(fixture.store, network: fixture.network)
        #expect(try side.body(of: header) == block.body)
        #expect(try side.headers(limit: 10) == [header])
        let key = Schema.key(.sideBlock, header.hash)
        set(key, to: header.header.encoded + [1])
        #expect(throws: StoreFailure.malformedRecord(kind: "side block")) {
            try side.body(of: header)
        }
        set(key, to: Array(header.header.encoded.dropLast()))
        #expect(throws: StoreFailure.malformedRecord(kind: "side block")) {
            try side.headers(limit: 10)
        }
        set(key, to: nil)
        #expect(try side.body(of: header) == nil)
        set(key + [0], to: header.header.encoded)
        #expect(throws: StoreFailure.malformedRecord(kind: "side block")) {
            try side.headers(limit: 10)
        }
    }
}
