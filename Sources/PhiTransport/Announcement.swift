import Synchronization

/// A value that is known once, and for which many may wait.
final class Announcement<Value: Sendable>: Sendable {
    private struct State {
        var result: Result<Value, any Error>?
        var waiting: [AsyncStream<Result<Value, any Error>>.Continuation] = []
    }

    private let state = Mutex(State())

    /// Tells the value, or why there will be none; only the first telling counts.
    func announce(_ result: Result<Value, any Error>) {
        let waiting = state.withLock { state in
            guard state.result == nil else { return state.waiting }
            state.result = result
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting {
            continuation.yield(result)
            continuation.finish()
        }
    }

    /// Waits for the value.
    func value() async throws -> Value {
        let (stream, continuation) = AsyncStream<Result<Value, any Error>>.makeStream()
        let known = state.withLock { state in
            if state.result == nil { state.waiting.append(continuation) }
            return state.result
        }
        if let known { return try known.get() }
        for await result in stream { return try result.get() }
        throw CancellationError()
    }
}
