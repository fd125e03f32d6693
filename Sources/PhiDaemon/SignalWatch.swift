import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Ends the process at once when the operator asks a second time.
struct SignalWatch: Service {
    /// The exit status of a process that was forced to end.
    private static let forcedStatus: Int32 = 130

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var count = 0
            for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
                count += 1
                if count > 1 { _exit(Self.forcedStatus) }
            }
        }
    }
}
