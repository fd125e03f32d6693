import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@testable import PhiChain

@Suite("The facts of a store") struct StoreFormatTests {
    private let network = TestNetwork.make()
    private let store = MemoryStore()

    private func set(_ fact: Schema.Fact, to value: [UInt8]?) {
        var batch = WriteBatch()
        if let value {
            batch.put(value, for: Schema.key(of: fact))
        } else {
            batch.delete(Schema.key(of: fact))
        }
        store.commit(batch, durable: true)
    }

    @Test("name the network whose chain it holds")
    func named() throws {
        try StoreFormat.prepare(store, network: network)
        let found = try StoreFormat.network(of: store)
        #expect(found.chain == network.chain)
        #expect(found.parameters == network.parameters)
        #expect(found.genesis == network.genesis)
    }

    @Test("name no network where they are absent or damaged")
    func unnamed() throws {
        let damaged = StoreFailure.malformedRecord(kind: "network")
        #expect(throws: damaged) { try StoreFormat.network(of: store) }
        try StoreFormat.prepare(store, network: network)
        let stored = try #require(store.value(for: Schema.key(of: .network)))
        for value in [Array(stored.dropLast()), stored + [0]] {
            set(.network, to: value)
            #expect(throws: damaged) { try StoreFormat.network(of: store) }
        }
        // A genesis header that does not commit to the parameters.
        var other = stored
        other[other.count - 1] ^= 1
        set(.network, to: other)
        #expect(throws: damaged) { try StoreFormat.network(of: store) }
        set(.network, to: nil)
        #expect(throws: damaged) { try StoreFormat.prepare(store, network: network) }
    }

    @Test("are refused where the version has not four bytes", arguments: [0, 3, 5])
    func version(count: Int) throws {
        try StoreFormat.prepare(store, network: network)
        set(.version, to: [UInt8](repeating: 0, count: count))
        #expect(throws: StoreFailure.malformedRecord(kind: "version")) {
            try StoreFormat.prepare(store, network: network)
        }
    }

    @Test("tell of an unreadable network that it is another")
    func unreadable() throws {
        try StoreFormat.prepare(store, network: network)
        set(.network, to: [1, 2, 3])
        let other = StoreFailure.otherNetwork(found: "unreadable", expected: network.chain.hex)
        #expect(throws: other) { try StoreFormat.prepare(store, network: network) }
    }
}

@Suite("A batch of changes") struct WriteBatchTests {
    @Test("adds the changes of another after its own")
    func appended() {
        var first = WriteBatch()
        #expect(first.isEmpty)
        first.put([1], for: [0])
        var second = WriteBatch()
        second.delete([0])
        second.put([3], for: [2])
        first.append(second)
        #expect(!first.isEmpty)
        #expect(first.changes.map(\.key) == [[0], [0], [2]])
        #expect(first.changes.map(\.value) == [[1], nil, [3]])
    }
}

@Suite("A position") struct PositionTests {
    @Test("comes before another by height, then by index")
    func order() {
        let low = Position(height: Height(1), index: 9)
        let next = Position(height: Height(2), index: 0)
        let last = Position(height: Height(2), index: 1)
        #expect(low < next && next < last && low < last)
        #expect(!(next < low) && !(last < next) && !(last < last))
    }
}
