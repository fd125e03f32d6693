import PhiClient
import PhiConsensus
import PhiCrypto
import Testing

@Suite("A stamp worker") struct StampWorkerTests {
    private let id = SHA256.hash([1, 2, 3])

    @Test(
        "finds a nonce that shows the work",
        arguments: [1, 2, 1_000, 200_000] as [UInt64],
        [1, 2, 5]
    )
    func search(work: UInt64, cores: Int) async throws {
        let worker = StampWorker(cores: cores)
        let estimate = StampEstimate(work: work, hashesPerSecond: 1_000_000)
        let nonce = try await worker.nonce(for: id, estimate: estimate)
        #expect(Stamp.isValid(id: id, work: work, nonce: nonce))
    }

    @Test("gives up when it is canceled")
    func cancellation() async {
        let worker = StampWorker(cores: 2)
        let id = id
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let search = Task {
            try await worker.nonce(
                for: id,
                estimate: StampEstimate(work: .max, hashesPerSecond: 1_000_000)
            ) { _ in start.yield() }
        }
        for await _ in started { break }
        search.cancel()
        await #expect(throws: CancellationError.self) { try await search.value }
    }

    @Test("tells how far it is")
    func progress() async {
        let worker = StampWorker(cores: 1)
        let id = id
        let (reports, report) = AsyncStream.makeStream(of: StampWorker.Progress.self)
        let search = Task {
            try await worker.nonce(
                for: id,
                estimate: StampEstimate(work: .max, hashesPerSecond: 1_000_000)
            ) { report.yield($0) }
        }
        var last: UInt64 = 0
        var count = 0
        for await progress in reports {
            #expect(progress.hashes > last)
            last = progress.hashes
            count += 1
            if count == 3 { break }
        }
        search.cancel()
    }

    @Test("measures a rate above zero")
    func measure() async {
        #expect(await StampWorker(cores: 1).measure(for: .milliseconds(1)) > 0)
    }
}

@Suite("A stamp's estimate") struct StampEstimateTests {
    private let estimate = StampEstimate(work: 1_000_000, hashesPerSecond: 500_000)

    @Test("names the average and the range of most stamps")
    func range() {
        #expect(estimate.expected == .seconds(2))
        #expect(estimate.short < estimate.expected)
        #expect(estimate.expected < estimate.long)
    }

    @Test("knows how many stamps are done after so many hashes")
    func chance() {
        #expect(estimate.chance(after: 0) == 0)
        #expect(abs(estimate.chance(after: 1_000_000) - 0.632) < 0.001)
        #expect(estimate.chance(after: 20_000_000) > 0.999)
    }

    @Test("takes a rate of nothing for a very slow one")
    func zeroRate() {
        #expect(StampEstimate(work: 10, hashesPerSecond: 0).expected == .seconds(10))
    }
}
