import PhiConsensus
public import PhiCrypto

/// Searches stamps on several cores, and knows beforehand how long it will take.
public struct StampWorker: Sendable {
    /// How far a search is.
    public struct Progress: Equatable, Sendable {
        /// Hashes tried so far.
        public let hashes: UInt64
        /// What the search needs on average.
        public let estimate: StampEstimate
    }

    /// Hashes tried in one go: about a hundredth of a second on one core.
    static let smallestChunk: UInt64 = 1 << 14
    static let largestChunk: UInt64 = 1 << 22

    /// How many searches run at once.
    public let cores: Int

    /// A worker on all cores, or on fewer.
    public init(cores: Int? = nil) {
        self.cores = max(1, cores ?? Machine.coreCount)
    }

    /// Measures how many hashes this machine tries in a second.
    ///
    /// - Parameter span: How long to measure.
    /// - Returns: The rate of all cores together.
    public func measure(for span: Duration = .milliseconds(60)) async -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        let id = SHA256.hash([])
        let hashes = await withTaskGroup(of: UInt64.self) { group in
            for core in 0..<cores {
                group.addTask {
                    var tried: UInt64 = 0
                    repeat {
                        let first = UInt64(core) << 48 + tried
                        _ = await Self.search(id, .max, first..<first + Self.smallestChunk)
                        tried += Self.smallestChunk
                    } while start.duration(to: clock.now) < span && !Task.isCancelled
                    return tried
                }
            }
            return await group.reduce(0, +)
        }
        return Double(hashes) / max(start.duration(to: clock.now).inSeconds, 0.000_001)
    }

    /// What a stamp of so much work costs on this machine.
    public func estimate(work: UInt64) async -> StampEstimate {
        StampEstimate(work: work, hashesPerSecond: await measure())
    }

    /// Looks for a nonce that shows the work.
    ///
    /// - Parameters:
    ///   - id: The entry's id.
    ///   - estimate: The work, and the rate that sets the size of the steps.
    ///   - report: Is told now and then how far the search is.
    /// - Returns: The nonce.
    /// - Throws: `CancellationError` soon after the task was canceled.
    public func nonce(
        for id: Digest,
        estimate: StampEstimate,
        report: (Progress) -> Void = { _ in }
    ) async throws(CancellationError) -> UInt64 {
        let perCore = UInt64(estimate.hashesPerSecond) / UInt64(cores) / 20
        let chunk = min(max(perCore, Self.smallestChunk), Self.largestChunk)
        let work = estimate.work
        let found = await withTaskGroup(of: UInt64?.self) { group -> UInt64? in
            var next: UInt64 = 0
            func addChunk() {
                let range = next..<next + chunk
                next += chunk
                group.addTask { await Self.search(id, work, range) }
            }
            for _ in 0..<cores { addChunk() }
            var tried: UInt64 = 0
            while let result = await group.next() {
                if let nonce = result {
                    group.cancelAll()
                    return nonce
                }
                if Task.isCancelled { return nil }
                tried += chunk
                report(Progress(hashes: tried, estimate: estimate))
                addChunk()
            }
            return nil
        }
        guard let found, !Task.isCancelled else { throw CancellationError() }
        return found
    }

    @concurrent private static func search(
        _ id: Digest,
        _ work: UInt64,
        _ range: Range<UInt64>
    ) async -> UInt64? {
        Task.isCancelled ? nil : Stamp.search(id: id, work: work, in: range)
    }
}

extension Duration {
    /// The duration as a number of seconds.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
