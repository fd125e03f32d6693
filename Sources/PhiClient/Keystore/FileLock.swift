#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A lock on a file beside the one that it protects, so that two processes take turns.
///
/// The system gives it free when the process ends in whatever way.
struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock, or says that another has it.
    init(_ path: String) throws(FileFailure) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PrivateFile.failure("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let failure = PrivateFile.failure("lock", path)
            close(descriptor)
            throw isHeld ? .locked(path: path) : failure
        }
        self.descriptor = descriptor
    }

    /// Gives the lock back; so does the end of the value.
    consuming func release() {}

    deinit { close(descriptor) }
}
