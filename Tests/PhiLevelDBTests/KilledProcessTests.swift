import Foundation
import PhiChain
import PhiLevelDB
import Synchronization
import Testing

@Suite("A store whose process is killed while it writes") struct KilledProcessTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The pairs of one batch: its number under every key, so that a torn batch shows.
    static func numbered(_ number: UInt64) -> WriteBatch {
        var batch = WriteBatch()
        batch.put(bytes(number), for: bytes("newest"))
        for part in 0..<50 as Range<UInt64> {
            batch.put(
                [UInt8](repeating: UInt8(truncatingIfNeeded: number &+ part), count: 300),
                for: bytes(number) + bytes(part)
            )
        }
        return batch
    }

    /// How many whole batches a store holds; anything but whole batches is an issue.
    static func wholeBatches(in store: LevelDBStore) throws -> UInt64 {
        var expected: [[[UInt8]]] = []
        let newest = try store.value(for: bytes("newest"))
        let count = newest.map { $0.reduce(0) { $0 << 8 | UInt64($1) } + 1 } ?? 0
        for number in 0..<count {
            for change in numbered(number).changes.dropFirst() {
                expected.append([change.key, change.value ?? []])
            }
        }
        if let newest { expected.append([bytes("newest"), newest]) }
        let found = try store.contents()
        let isWhole = found == expected
        #expect(isWhole, "\(found.count) pairs were found and \(expected.count) expected")
        return count
    }

    @Test(
        "keeps every batch that was acknowledged, and none in part",
        arguments: [1, 40, 150],
        [false, true]
    )
    func killed(acknowledged: UInt64, durable: Bool) async throws {
        let path = folder.path(of: "store")
        for generation in 1...3 as ClosedRange<UInt64> {
            let goal = acknowledged * generation
            let plan = "\(goal) \(durable) \(path)"
            await #expect(processExitsWith: .signal(SIGKILL)) { [plan = plan as String] in
                try Self.writeUntilKilled(plan: plan)
            }
            let count = try Self.wholeBatches(in: LevelDBStore(path: path))
            #expect(count >= goal)
        }
    }

    /// Writes batches without end; a second thread kills the process somewhere inside a write.
    private static func writeUntilKilled(plan: String) throws {
        let words = plan.split(separator: " ", maxSplits: 2).map(String.init)
        let goal = try #require(UInt64(words[0]))
        var options = LevelDBOptions()
        options.writeBufferBytes = 512 << 10
        let store = try LevelDBStore(path: words[2], options: options)
        let written = WrittenCount()
        Thread.detachNewThread {
            while written.value.load(ordering: .acquiring) < goal {}
            kill(getpid(), SIGKILL)
        }
        var number = try wholeBatches(in: store)
        while true {
            try store.commit(numbered(number), durable: words[1] == "true")
            number += 1
            written.value.store(number, ordering: .releasing)
        }
    }

    /// Writes twelve batches.
    ///
    /// - Returns: The log's path and its length after each batch.
    private func writeLog(of path: String) throws -> (log: String, lengths: [Int]) {
        let store = try LevelDBStore(path: path)
        let log = try #require(try folder.files(of: "store", ending: ".log").last)
        var lengths: [Int] = []
        for number in 0..<12 as Range<UInt64> {
            try store.commit(Self.numbered(number), durable: true)
            lengths.append(try Data(contentsOf: URL(filePath: log)).count)
        }
        return (log, lengths)
    }

    @Test("opens with whole batches only, however its log was torn", arguments: 0..<40)
    func tornLog(step: Int) throws {
        let path = folder.path(of: "store")
        let (log, lengths) = try writeLog(of: path)
        let data = try Data(contentsOf: URL(filePath: log))
        let kept = step < 20 ? data.count - step : data.count * (step - 20) / 20
        try data.prefix(kept).write(to: URL(filePath: log))
        let count = try Self.wholeBatches(in: LevelDBStore(path: path))
        #expect(count == UInt64(lengths.count { $0 <= kept }))
    }

    @Test("opens when only zeros follow its last whole batch", arguments: [1, 7, 4096, 70_000])
    func zerosAfterBatch(zeros: Int) throws {
        let path = folder.path(of: "store")
        let (log, _) = try writeLog(of: path)
        try (Data(contentsOf: URL(filePath: log)) + Data(count: zeros))
            .write(to: URL(filePath: log))
        #expect(try Self.wholeBatches(in: LevelDBStore(path: path)) == 12)
    }

    @Test("is refused when zeros stand inside a batch, and a repair keeps the batches before it")
    func zerosInBatch() throws {
        let path = folder.path(of: "store")
        let (log, lengths) = try writeLog(of: path)
        let kept = lengths[10] + 2000
        try (Data(contentsOf: URL(filePath: log)).prefix(kept) + Data(count: 70_000))
            .write(to: URL(filePath: log))
        let failure = #expect(throws: StoreFailure.self) { try LevelDBStore(path: path) }
        guard case .corrupted = failure else {
            Issue.record("found \(String(describing: failure))")
            return
        }
        try LevelDBStore.repair(path: path)
        // The torn batch itself survives in part: a repair asks for no checksums in the log.
        let found = try LevelDBStore(path: path).contents().map(\.[0])
        #expect(found.count(where: { $0.count == 16 && $0.starts(with: bytes(11)) }) < 50)
        for number in 0..<11 as Range<UInt64> {
            #expect(found.count(where: { $0.count == 16 && $0.starts(with: bytes(number)) }) == 50)
        }
    }
}

/// How many batches the child has seen acknowledged.
private final class WrittenCount: Sendable {
    let value = Atomic<UInt64>(0)
}
