import Synchronization

/// One rate that all connections of a node share, in one direction.
///
/// A connection asks for one slice at a time, so that all that have something to send take turns.
final class RateLimit: Sendable {
    /// Bytes that one connection may pass at once.
    let sliceBytes: Int

    private let bucket: Mutex<LeakyBucket>
    private let start = ContinuousClock.now

    /// A limit that has let nothing through yet.
    init(bytesPerSecond: UInt64) {
        bucket = Mutex(LeakyBucket(bytesPerSecond: bytesPerSecond))
        sliceBytes = RateLimit.slice(for: bytesPerSecond)
    }

    /// A slice so small that a full round over all connections takes about a second.
    static func slice(for bytesPerSecond: UInt64) -> Int {
        Int(min(max(1_024, bytesPerSecond / 48), UInt64(TransportPolicy.sliceBytes)))
    }

    /// Waits until bytes may pass; ends at once when the task is cancelled.
    func pass(_ count: Int) async throws {
        let now = nanoseconds(.now)
        let time = bucket.withLock { $0.book(count, at: now) }
        guard time > now else { return }
        try await Task.sleep(for: .nanoseconds(Int64(clamping: time - now)))
    }

    private func nanoseconds(_ instant: ContinuousClock.Instant) -> UInt64 {
        let (seconds, attoseconds) = start.duration(to: instant).components
        return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds)) / 1_000_000_000
    }
}
