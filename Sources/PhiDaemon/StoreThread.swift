import Dispatch

/// One thread for the engine, so that blocking store work never holds the shared pool.
final class StoreThread: SerialExecutor {
    private let queue = DispatchQueue(label: "phi.engine", qos: .userInitiated)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = unsafe asUnownedSerialExecutor()
        queue.async { unsafe job.runSynchronously(on: executor) }
    }
}
