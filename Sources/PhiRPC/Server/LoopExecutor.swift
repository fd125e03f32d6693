import NIOCore
import NIOPosix

/// Runs the tasks of a connection on the thread that reads and writes its socket.
///
/// A request then wakes no other thread, which costs more than answering it.
final class LoopExecutor: TaskExecutor {
    /// The threads of the interface, apart from those that talk to peers: a page that has to be read
    /// from the disk makes no peer wait.
    static let loops = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)

    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = unsafe asUnownedTaskExecutor()
        loop.execute { unsafe job.runSynchronously(on: executor) }
    }
}
