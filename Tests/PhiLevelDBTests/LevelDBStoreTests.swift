import Foundation
import PhiChain
import PhiLevelDB
import PhiTesting
import Testing

@Suite("A store") struct LevelDBStoreTests {
    private let folder: TemporaryFolder
    private let store: LevelDBStore

    init() throws {
        folder = try TemporaryFolder()
        store = try LevelDBStore(path: folder.path(of: "store"))
    }

    @Test("gives back what was put", arguments: [0, 1, 100, 5000, 3 << 20])
    func roundTrip(size: Int) throws {
        let value = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var batch = WriteBatch()
        batch.put(value, for: [0, 255, 0])
        try store.commit(batch, durable: true)
        #expect(try store.value(for: [0, 255, 0]) == value)
        #expect(try store.value(for: [0, 255]) == nil)
        #expect(try store.value(for: [0, 255, 0, 0]) == nil)
    }

    @Test("keeps a value under the empty key")
    func emptyKey() throws {
        var batch = WriteBatch()
        batch.put([7], for: [])
        try store.commit(batch, durable: false)
        #expect(try store.value(for: []) == [7])
        #expect(try store.contents() == [[[], [7]]])
    }

    @Test("orders keys as unsigned bytes, a prefix before its extensions")
    func order() throws {
        let ordered: [[UInt8]] = [
            [0], [0, 0], [0, 1], [1], [0x7f], [0x7f, 0xff], [0x80], [0x80, 0], [0xff],
            [0xff, 0xff],
        ]
        var batch = WriteBatch()
        for key in ordered.reversed() { batch.put([], for: key) }
        try store.commit(batch, durable: false)
        #expect(try store.contents().map(\.[0]) == ordered)
        #expect(try store.contents(backwards: true).map(\.[0]) == ordered.reversed())
        store.compact()
        #expect(try store.contents().map(\.[0]) == ordered)
    }

    @Test("applies a batch in order, so that the last change to a key wins")
    func lastWins() throws {
        try store.commit(batch([("kept", "old"), ("gone", "old")]), durable: false)
        var changes = batch([("kept", "first"), ("gone", "first")])
        changes.delete(bytes("kept"))
        changes.put(bytes("last"), for: bytes("kept"))
        changes.delete(bytes("gone"))
        changes.delete(bytes("never there"))
        try store.commit(changes, durable: true)
        #expect(try store.contents() == [[bytes("kept"), bytes("last")]])
    }

    @Test("accepts an empty batch")
    func emptyBatch() throws {
        try store.commit(WriteBatch(), durable: true)
        #expect(try store.contents().isEmpty)
    }

    @Test("holds the same as a map in memory after many batches", arguments: [1, 2, 3] as [UInt64])
    func model(seed: UInt64) throws {
        let model = MemoryStore()
        var state = seed
        func next(below bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        for round in 0..<60 {
            var batch = WriteBatch()
            for _ in 0..<next(below: 40) {
                let key = (0..<next(below: 4)).map { _ in UInt8(next(below: 4) * 85) }
                if next(below: 3) == 0 {
                    batch.delete(key)
                } else {
                    batch.put(bytes(next(below: 1 << 30)), for: key)
                }
            }
            model.commit(batch, durable: false)
            try store.commit(batch, durable: round % 7 == 0)
            if round % 20 == 19 { store.compact() }
            let lower = (0..<next(below: 4)).map { _ in UInt8(next(below: 4) * 85) }
            let upper = (0..<next(below: 4)).map { _ in UInt8(next(below: 4) * 85) }
            for backwards in [false, true] {
                var expected: [[UInt8]] = []
                var found: [[UInt8]] = []
                model.scan(from: lower, to: upper, backwards: backwards) { key, value in
                    expected += [key, value]
                    return true
                }
                try store.scan(from: lower, to: upper, backwards: backwards) { key, value in
                    found += [key, value]
                    return true
                }
                #expect(found == expected)
            }
        }
        #expect(try store.contents() == model.pairs.map { [$0.key, $0.value] })
    }

    @Test("holds the same after it was closed and opened", arguments: [false, true])
    func reopening(durable: Bool) throws {
        let path = folder.path(of: "again")
        for round in 0..<5 {
            let store = try LevelDBStore(path: path)
            #expect(try store.contents().count == round)
            var batch = WriteBatch()
            batch.put([], for: [UInt8(round)])
            try store.commit(batch, durable: durable)
        }
    }

    @Test("creates its folder for its owner only")
    func permissions() throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: store.path)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }

    @Test("is refused below a folder that does not exist")
    func missingParent() {
        let path = folder.path(of: "absent/store")
        #expect(
            throws: StoreFailure.inputOutput(
                detail: "create \(path): No such file or directory"
            )
        ) { try LevelDBStore(path: path) }
    }

    @Test("is refused where a file stands")
    func file() throws {
        let path = folder.path(of: "file")
        try Data([1]).write(to: URL(filePath: path))
        let failure = #expect(throws: StoreFailure.self) { try LevelDBStore(path: path) }
        guard case .inputOutput = failure else {
            Issue.record("found \(String(describing: failure))")
            return
        }
    }

    @Test("tells about itself")
    func properties() throws {
        #expect(store.approximateBytes == 0)
        #expect(store.text(of: .fileCount(level: 7)) == nil)
        var batch = WriteBatch()
        for number in 0..<1000 as Range<UInt64> {
            batch.put([UInt8](repeating: 1, count: 300), for: bytes(number))
        }
        try store.commit(batch, durable: true)
        store.compact()
        #expect((300_000..<400_000).contains(store.approximateBytes))
        #expect(store.approximateBytes(from: bytes(0), to: bytes(500)) < 200_000)
        #expect(store.approximateBytes(from: bytes(500), to: bytes(0)) == 0)
        #expect(store.text(of: .statistics)?.contains("Compactions") == true)
        #expect(store.text(of: .tables)?.contains("level 0") == true)
        #expect(UInt64(store.text(of: .memoryUsage) ?? "") != nil)
        let tables = (0...6).compactMap { Int(store.text(of: .fileCount(level: $0)) ?? "") }
        #expect(tables.count == 7)
        #expect(tables.reduce(0, +) == 1)
    }
}
