import PhiChain
import PhiLevelDB
import Testing

@Suite("A scan") struct ScanTests {
    private let folder: TemporaryFolder
    private let store: LevelDBStore

    init() throws {
        folder = try TemporaryFolder()
        store = try LevelDBStore(path: folder.path(of: "store"))
        let keys = ["a", "b", "ba", "bb", "c", "d"]
        try store.commit(batch(keys.map { ($0, "value of \($0)") }), durable: false)
    }

    @Test(
        "visits from the lower bound up to, but not, the upper",
        arguments: [
            ("a", "d", ["a", "b", "ba", "bb", "c"]),
            ("a", "da", ["a", "b", "ba", "bb", "c", "d"]),
            ("", "zzz", ["a", "b", "ba", "bb", "c", "d"]),
            ("b", "c", ["b", "ba", "bb"]),
            ("b", "ba", ["b"]),
            ("b", "baa", ["b", "ba"]),
            ("b0", "bz", ["ba", "bb"]),
            ("aa", "az", []),
            ("c", "c", []),
            ("d", "a", []),
            ("e", "f", []),
            ("", "a", []),
            ("", "", []),
        ]
    )
    func bounds(lower: String, upper: String, expected: [String]) throws {
        #expect(try store.keys(from: lower, to: upper) == expected)
        #expect(try store.keys(from: lower, to: upper, backwards: true) == expected.reversed())
        store.compact()
        #expect(try store.keys(from: lower, to: upper) == expected)
        #expect(try store.keys(from: lower, to: upper, backwards: true) == expected.reversed())
    }

    @Test("hands over the value that belongs to the key")
    func values() throws {
        let expected = ["a", "b", "ba", "bb", "c", "d"].map {
            [bytes($0), bytes("value of \($0)")]
        }
        #expect(try store.contents() == expected)
    }

    @Test("hands over the front of each value", arguments: [0, 1, 9, 10, 11, 100])
    func fronts(byteCount: Int) throws {
        var found: [[[UInt8]]] = []
        try store.scanFronts(from: bytes("b"), to: bytes("c"), byteCount: byteCount) {
            found.append([$0, $1])
            return found.count < 3
        }
        let expected = ["b", "ba", "bb"].map {
            [bytes($0), Array(bytes("value of \($0)").prefix(byteCount))]
        }
        #expect(found == expected)
        var visits = 0
        try store.snapshot().scanFronts(from: [], to: bytes("z"), byteCount: 3) { _, front in
            visits += 1
            return front == bytes("val") && visits < 2
        }
        #expect(visits == 2)
    }

    @Test("stops when the visitor has enough", arguments: [1, 2, 5, 6, 7])
    func earlyStop(count: Int) throws {
        for backwards in [false, true] {
            var visits = 0
            try store.scan(from: [], to: bytes("z"), backwards: backwards) { _, _ in
                visits += 1
                return visits < count
            }
            #expect(visits == min(count, 6))
        }
    }

    @Test("passes over what was deleted")
    func deleted() throws {
        var changes = WriteBatch()
        changes.delete(bytes("ba"))
        changes.delete(bytes("a"))
        changes.delete(bytes("d"))
        try store.commit(changes, durable: false)
        #expect(try store.keys(from: "", to: "z") == ["b", "bb", "c"])
        #expect(try store.keys(from: "", to: "z", backwards: true) == ["c", "bb", "b"])
    }

    @Test("sees the state at its beginning while the store changes")
    func changesMeanwhile() throws {
        var seen: [[UInt8]] = []
        var failure: StoreFailure?
        try store.scan(from: [], to: bytes("z"), backwards: false) { key, _ in
            seen.append(key)
            var changes = WriteBatch()
            changes.delete(bytes("c"))
            changes.put([], for: key + [0])
            do throws(StoreFailure) {
                try store.commit(changes, durable: false)
            } catch {
                failure = error
            }
            return true
        }
        #expect(failure == nil)
        #expect(seen == ["a", "b", "ba", "bb", "c", "d"].map { bytes($0) })
    }
}
