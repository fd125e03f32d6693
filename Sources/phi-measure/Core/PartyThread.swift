import Dispatch

/// A thread of its own for a node's core, as the daemon gives it.
final class PartyThread: SerialExecutor {
    private let queue = DispatchQueue(label: "phi.measure.party", qos: .userInitiated)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = unsafe asUnownedSerialExecutor()
        queue.async { unsafe job.runSynchronously(on: executor) }
    }
}
