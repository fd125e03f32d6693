import Synchronization

/// Ends the node on request, once it is known how.
final class Stopper: Sendable {
    private let action = Mutex<(@Sendable () async -> Void)?>(nil)

    /// Says how the node is ended.
    func set(_ action: @escaping @Sendable () async -> Void) {
        self.action.withLock { $0 = action }
    }

    /// Ends the node.
    func stop() async {
        let action = action.withLock { $0 }
        await action?()
    }
}
