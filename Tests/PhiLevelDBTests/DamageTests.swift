import Foundation
import PhiChain
import PhiLevelDB
import Testing

@Suite("A damaged store") struct DamageTests {
    private let folder: TemporaryFolder
    private let path: String
    private let contents: [[[UInt8]]]

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path(of: "store")
        let store = try LevelDBStore(path: path)
        var batch = WriteBatch()
        for number in 0..<200 as Range<UInt64> {
            batch.put((0..<100).map { UInt8(truncatingIfNeeded: $0 &* number) }, for: bytes(number))
        }
        try store.commit(batch, durable: true)
        store.compact()
        contents = try store.contents()
    }

    /// Turns one bit of a file.
    private func damage(_ file: String, at offset: Int) throws {
        var data = try Data(contentsOf: URL(filePath: file))
        data[offset] ^= 0x10
        try data.write(to: URL(filePath: file))
    }

    /// Reads everything in every way; what comes back must be right.
    ///
    /// - Returns: The failures met, all of which must be `corrupted`.
    private func readAll() throws -> Int {
        var failures = 0
        func attempt(_ body: () throws(StoreFailure) -> Bool) throws(StoreFailure) {
            do throws(StoreFailure) {
                let isRight = try body()
                #expect(isRight, "a damaged table gave wrong data")
            } catch .corrupted {
                failures += 1
            }
        }
        try attempt { () throws(StoreFailure) in
            let store = try LevelDBStore(path: path)
            for backwards in [false, true] {
                try attempt { () throws(StoreFailure) in
                    var found: [[[UInt8]]] = []
                    try store.scan(
                        from: [],
                        to: [255],
                        backwards: backwards
                    ) { key, value in
                        found.append([key, value])
                        return true
                    }
                    return found == (backwards ? contents.reversed() : contents)
                }
            }
            for pair in contents {
                try attempt { () throws(StoreFailure) in
                    try store.value(for: pair[0]) == pair[1]
                }
            }
            return true
        }
        return failures
    }

    @Test("is read without failure when it is not damaged after all")
    func undamaged() throws { #expect(try readAll() == 0) }

    @Test("never answers from a table with a turned bit", arguments: 0..<100)
    func table(step: Int) throws {
        let table = try #require(try folder.files(of: "store", ending: ".ldb").last)
        let size = try Data(contentsOf: URL(filePath: table)).count
        try damage(table, at: size * step / 100)
        let failures = try readAll()
        // The last hundredths hold the filter, which may fail without harm, and padding.
        if step < 90 { #expect(failures > 0) }
    }

    @Test("never answers from a table that was cut short", arguments: 0..<40)
    func truncated(step: Int) throws {
        let table = try #require(try folder.files(of: "store", ending: ".ldb").last)
        let whole = try Data(contentsOf: URL(filePath: table))
        // Every length class, and one byte less than the whole.
        let count = step == 39 ? whole.count - 1 : whole.count * step / 39
        try whole.prefix(count).write(to: URL(filePath: table))
        #expect(try readAll() > 0)
        try whole.write(to: URL(filePath: table))
        #expect(try readAll() == 0)
    }

    @Test("reports a scan that stopped early behind a damaged block")
    func earlyStop() throws {
        let table = try #require(try folder.files(of: "store", ending: ".ldb").last)
        try damage(table, at: 10)
        let store = try LevelDBStore(path: path)
        let failure = #expect(throws: StoreFailure.self) {
            try store.scan(from: [], to: [255], backwards: false) { _, _ in false }
        }
        guard case .corrupted = failure else {
            Issue.record("found \(String(describing: failure))")
            return
        }
    }

    @Test("is refused without its current file, its manifest or a table")
    func missingFile() throws {
        for ending in [".ldb", "CURRENT"] {
            let victim = try #require(try folder.files(of: "store", ending: ending).last)
            let data = try Data(contentsOf: URL(filePath: victim))
            if ending == "CURRENT" {
                try Data("MANIFEST-999999\n".utf8).write(to: URL(filePath: victim))
            } else {
                try FileManager.default.removeItem(atPath: victim)
            }
            let failure = #expect(throws: StoreFailure.self) { try LevelDBStore(path: path) }
            guard case .corrupted = failure else {
                Issue.record("found \(String(describing: failure))")
                return
            }
            try data.write(to: URL(filePath: victim))
        }
        #expect(try readAll() == 0)
    }

    @Test("is refused when an earlier batch of its log has a turned bit")
    func log() throws {
        let other = folder.path(of: "other")
        do {
            let store = try LevelDBStore(path: other)
            for number in 0..<12 as Range<UInt64> {
                try store.commit(KilledProcessTests.numbered(number), durable: true)
            }
        }
        let log = try #require(try folder.files(of: "other", ending: ".log").last)
        try damage(log, at: 5000)
        for _ in 0..<2 {
            let failure = #expect(throws: StoreFailure.self) { try LevelDBStore(path: other) }
            guard case .corrupted = failure else {
                Issue.record("found \(String(describing: failure))")
                return
            }
        }
    }

    @Test("opens after a repair with what could still be read")
    func repair() throws {
        let table = try #require(try folder.files(of: "store", ending: ".ldb").last)
        try damage(table, at: 10)
        #expect(try readAll() > 0)
        try LevelDBStore.repair(path: path)
        let store = try LevelDBStore(path: path)
        let found = try store.contents()
        #expect(!found.isEmpty)
        #expect(found.count < contents.count)
        #expect(found.allSatisfy { contents.contains($0) })
        try store.commit(batch([("usable", "again")]), durable: true)
    }

    @Test("is not made by repairing an empty folder")
    func repairNothing() throws {
        let failure = #expect(throws: StoreFailure.self) {
            try LevelDBStore.repair(path: folder.path)
        }
        guard case .inputOutput = failure else {
            Issue.record("found \(String(describing: failure))")
            return
        }
    }
}
