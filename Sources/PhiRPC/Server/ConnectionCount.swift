import Synchronization

/// How many connections are open, with the bound that they may not pass.
final class ConnectionCount: Sendable {
    private let limit: Int
    private let open = Atomic(0)

    init(limit: Int) { self.limit = limit }

    /// Takes a place, or answers false when all are taken.
    func enter() -> Bool {
        let (before, _) = open.add(1, ordering: .relaxed)
        guard before < limit else {
            leave()
            return false
        }
        return true
    }

    /// Gives a place back.
    func leave() { open.subtract(1, ordering: .relaxed) }

    /// The places that are taken now.
    var current: Int { open.load(ordering: .relaxed) }
}
