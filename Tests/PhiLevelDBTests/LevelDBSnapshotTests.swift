import PhiChain
import PhiLevelDB
import Testing

@Suite("A snapshot") struct LevelDBSnapshotTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("shows the old state after writes and a compaction")
    func isolation() throws {
        let store = try LevelDBStore(path: folder.path(of: "store"))
        let empty = store.snapshot()
        try store.commit(batch([("a", "1"), ("b", "1")]), durable: false)
        let early = store.snapshot()
        var changes = batch([("a", "2"), ("c", "2")])
        changes.delete(bytes("b"))
        try store.commit(changes, durable: true)
        store.compact()
        #expect(try empty.contents().isEmpty)
        #expect(try early.value(for: bytes("a")) == bytes("1"))
        #expect(try early.value(for: bytes("c")) == nil)
        #expect(try early.keys(from: "", to: "z") == ["a", "b"])
        #expect(try early.keys(from: "", to: "z", backwards: true) == ["b", "a"])
        #expect(try store.keys(from: "", to: "z") == ["a", "c"])
    }

    @Test("never shows part of a batch while another thread writes")
    func atomicity() async throws {
        let store = try LevelDBStore(path: folder.path(of: "store"))
        async let written: Void = Task.detached {
            for round in 0..<400 as Range<UInt64> {
                var changes = WriteBatch()
                for key in 0..<20 as Range<UInt8> { changes.put(bytes(round), for: [key]) }
                try store.commit(changes, durable: false)
            }
        }.value
        for _ in 0..<400 {
            let contents = try store.snapshot().contents()
            #expect(contents.isEmpty || contents.count == 20)
            #expect(Set(contents.map(\.[1])).count <= 1)
        }
        try await written
        #expect(try store.value(for: [19]) == bytes(399))
    }

    @Test("outlives the store and holds its folder until it goes itself")
    func outliving() throws {
        let path = folder.path(of: "store")
        do {
            let snapshot: LevelDBSnapshot
            do {
                let store = try LevelDBStore(path: path)
                try store.commit(batch([("a", "1")]), durable: false)
                snapshot = store.snapshot()
            }
            #expect(try snapshot.value(for: bytes("a")) == bytes("1"))
            #expect(throws: StoreFailure.locked(path: path)) { try LevelDBStore(path: path) }
            #expect(try snapshot.keys(from: "", to: "z") == ["a"])
        }
        #expect(try LevelDBStore(path: path).keys(from: "", to: "z") == ["a"])
    }
}
