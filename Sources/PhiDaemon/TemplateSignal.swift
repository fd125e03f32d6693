import Synchronization

/// Tells a miner, from any thread, that there is other work than it has.
final class TemplateSignal: Sendable {
    private let generation = Atomic<UInt64>(0)

    /// The number of the present work.
    var current: UInt64 { generation.load(ordering: .relaxed) }

    /// Says that the work has changed.
    func advance() {
        generation.add(1, ordering: .relaxed)
    }
}
