import Synchronization

/// When the next frame of a connection may be handed over.
final class ReadingPause: Sendable {
    /// How long one pause may last, so that a peer that has left is noticed.
    static let limit: Duration = .seconds(60)

    private let end = Mutex<ContinuousClock.Instant?>(nil)

    /// Lets nothing be handed over for a while; the longer of two pauses counts.
    func extend(for duration: Duration) {
        let wish = ContinuousClock.now.advanced(by: min(max(.zero, duration), ReadingPause.limit))
        end.withLock { $0 = max($0 ?? wish, wish) }
    }

    /// Waits until the pause is over; ends at once when the task is cancelled.
    func wait() async throws {
        while let until = end.withLock({ $0 }) {
            guard until > .now else {
                end.withLock { if $0 == until { $0 = nil } }
                return
            }
            try await Task.sleep(until: until, clock: .continuous)
        }
    }
}
