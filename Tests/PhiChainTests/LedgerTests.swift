import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("The connected chain") struct LedgerTests {
    @Test(
        "is as it was after a block is taken back, and again after it returns",
        arguments: 0..<3 as Range<UInt64>
    )
    func roundTrip(seed: UInt64) throws {
        var blocks = try RandomBlocks(seed: seed)
        for _ in 0..<40 {
            let before = blocks.records
            try blocks.grow()
            let after = blocks.records
            try blocks.takeBack()
            #expect(blocks.records == before)
            try blocks.putBack()
            #expect(blocks.records == after)
        }
        #expect(blocks.kinds.count >= EntryKind.allCases.count - 1)
    }

    @Test("goes back to nothing and forth again", arguments: 10..<12 as Range<UInt64>)
    func wholeWay(seed: UInt64) throws {
        var blocks = try RandomBlocks(seed: seed)
        var states = [blocks.records]
        for _ in 0..<70 {
            try blocks.grow()
            states.append(blocks.records)
        }
        for height in (0..<70).reversed() {
            try blocks.takeBack()
            #expect(blocks.records == states[height])
        }
        for height in 1...70 {
            try blocks.putBack()
            #expect(blocks.records == states[height])
        }
    }

    @Test(
        "holds the state that the rules compute without a store",
        arguments: 20..<22 as Range<UInt64>
    )
    func table(seed: UInt64) throws {
        var blocks = try RandomBlocks(seed: seed)
        for _ in 0..<80 { try blocks.grow() }
        let chain = blocks.ledger.chain
        for (id, state) in blocks.table.meetings { #expect(try chain.meeting(id) == state) }
        for (slot, state) in blocks.table.authors { #expect(try chain.author(slot) == state) }
        for (author, heights) in blocks.table.openings {
            #expect(try chain.openings(by: author) == heights)
        }
    }

    @Test("opens at the tip with the same history", arguments: [0, 1, 31, 32, 33, 63, 64, 65, 100])
    func opens(height: Int) throws {
        var blocks = try RandomBlocks(seed: 30)
        for _ in 0..<height { try blocks.grow() }
        let opened = try Ledger(opening: blocks.store, network: blocks.network)
        #expect(opened.tip == blocks.ledger.tip)
        #expect(opened.history == blocks.ledger.history)
        #expect(opened.history == blocks.chain.tip.history)
        if height > 0 {
            try blocks.takeBack()
            #expect(blocks.ledger.history == blocks.chain.blocks[height - 1].history)
        }
    }

    @Test("goes on from every block after which an import broke off")
    func brokenOff() throws {
        var blocks = try RandomBlocks(seed: 33)
        var copies: [[(key: [UInt8], value: [UInt8])]] = [blocks.store.pairs]
        for _ in 0..<36 {
            try blocks.grow()
            copies.append(blocks.store.pairs)
        }
        for (height, copy) in copies.enumerated() {
            let store = MemoryStore()
            var batch = WriteBatch()
            for (key, value) in copy { batch.put(value, for: key) }
            store.commit(batch, durable: true)
            try StoreFormat.prepare(store, network: blocks.network)
            var ledger = try Ledger(opening: store, network: blocks.network)
            #expect(ledger.tip.header.height == Height(UInt32(height)))
            for next in height + 1..<37 {
                let header = blocks.chain.blocks[next].header
                store.commit(
                    try ledger.connect(header, entries: blocks.bodies[next]),
                    durable: true
                )
            }
            #expect(store.pairs.map(\.key) == blocks.store.pairs.map(\.key))
            #expect(store.pairs.map(\.value) == blocks.store.pairs.map(\.value))
        }
    }

    @Test("can be taken back as far as undo data reaches", arguments: [9, 10, 11])
    func window(depth: UInt32) throws {
        var blocks = try RandomBlocks(seed: 31, undoWindow: 10)
        for _ in 0..<30 { try blocks.grow() }
        #expect(try blocks.ledger.canUndo(to: Height(30 - depth)) == (depth <= 10))
        #expect(try blocks.ledger.canUndo(to: Height(30)))
        for _ in 0..<min(depth, 10) { try blocks.takeBack() }
        guard depth > 10 else { return }
        #expect(throws: StoreFailure.malformedRecord(kind: "undo")) {
            try blocks.ledger.disconnect()
        }
    }

    @Test("refuses a body with an entry out of place, and stays as it was")
    func refused() throws {
        var blocks = try RandomBlocks(seed: 32)
        for _ in 0..<20 { try blocks.grow() }
        var stranger = TestAuthor("stranger", on: blocks.network)
        let open = try ValidEntry(judging: stranger.open(), on: blocks.network)
        let lost = try ValidEntry(
            judging: stranger.message("lost", in: Digest.zero),
            on: blocks.network
        )
        let tip = blocks.ledger.tip
        let history = blocks.ledger.history
        let child = blocks.chain.child(of: blocks.chain.tip, entries: [open.entry, lost.entry])
        #expect(throws: ConnectFailure.entry(index: 1, .unknownMeeting(.zero))) {
            try blocks.ledger.connect(child.header, entries: [open, lost])
        }
        #expect(blocks.ledger.tip == tip)
        #expect(blocks.ledger.history == history)
        try blocks.grow()
    }

    @Test(
        "refuses a stored header with more than a block may have, and reserves nothing for it",
        arguments: [0, 1] as [UInt32]
    )
    func damagedHeader(excess: UInt32) throws {
        var blocks = try RandomBlocks(seed: 33)
        try blocks.grow()
        let height = Height(1)
        let chain = blocks.ledger.chain
        let whole = try #require(try chain.header(at: height))
        var count = whole
        count.entryCount = blocks.network.parameters.maximumEntries + excess
        var size = whole
        size.bodyBytes = excess == 0 ? blocks.network.parameters.maximumBodyBytes : .max
        let kind = excess == 0 ? "entry" : "header"
        let key = Schema.header.key([0, 0, 0, 1])
        var batch = WriteBatch()
        batch.put(count.encoded, for: key)
        blocks.store.commit(batch, durable: true)
        #expect(throws: StoreFailure.malformedRecord(kind: kind)) { try chain.entries(at: height) }
        batch.put(size.encoded, for: key)
        blocks.store.commit(batch, durable: true)
        #expect(throws: StoreFailure.malformedRecord(kind: kind)) { try chain.body(at: height) }
    }

    @Test("belongs to one network and one version of the layout")
    func format() throws {
        let network = TestNetwork.make()
        let store = MemoryStore()
        try StoreFormat.prepare(store, network: network)
        try StoreFormat.prepare(store, network: network)
        let other = TestNetwork.make(expiry: 99)
        #expect(
            throws: StoreFailure.otherNetwork(found: network.chain.hex, expected: other.chain.hex)
        ) {
            try StoreFormat.prepare(store, network: other)
        }
        var batch = WriteBatch()
        batch.put([0, 0, 0, 2], for: [Schema.fact.rawValue, Schema.Fact.version.rawValue])
        store.commit(batch, durable: true)
        #expect(throws: StoreFailure.newerFormat(found: 2, supported: 1)) {
            try StoreFormat.prepare(store, network: network)
        }
    }
}
