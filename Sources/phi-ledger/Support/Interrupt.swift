import Dispatch
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Makes Ctrl-C end a command in good order: what is under way is canceled, and the status says so.
///
/// A second Ctrl-C ends the process at once. Commands that handle signals themselves, as a running
/// node does, never begin this.
enum Interrupt {
    /// What the first Ctrl-C does.
    static let action = Mutex<@Sendable () -> Void>({})

    private static let source = Mutex<(any DispatchSourceSignal)?>(nil)

    /// From now on Ctrl-C cancels.
    static func begin() {
        source.withLock { source in
            guard source == nil else { return }
            signal(SIGINT, SIG_IGN)
            let new = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
            new.setEventHandler {
                signal(SIGINT, SIG_DFL)
                action.withLock { $0 }()
            }
            new.activate()
            source = new
        }
    }
}
