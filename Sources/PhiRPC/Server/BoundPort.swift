import Synchronization

/// The port that the system gave, for those who wait for it.
final class BoundPort: Sendable {
    private struct State {
        var result: Result<Int, RPCStartFailure>?
        var waiters: [CheckedContinuation<Result<Int, RPCStartFailure>, Never>] = []
    }

    private let state = Mutex(State())

    /// Says what came of opening the port; only the first word counts.
    func settle(_ result: Result<Int, RPCStartFailure>) {
        let waiters = state.withLock { state in
            guard state.result == nil else {
                return [CheckedContinuation<Result<Int, RPCStartFailure>, Never>]()
            }
            state.result = result
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: result) }
    }

    /// Waits until the port is open.
    func value() async throws(RPCStartFailure) -> Int {
        let result = await withCheckedContinuation { continuation in
            let settled = state.withLock { state in
                if state.result == nil { state.waiters.append(continuation) }
                return state.result
            }
            if let settled { continuation.resume(returning: settled) }
        }
        return try result.get()
    }
}
