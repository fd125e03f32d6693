import PhiChain

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The lock against other processes that the library takes when it opens, but not when it repairs.
struct FolderLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock of a store that exists.
    init(_ path: String) throws(StoreFailure) {
        let descriptor = unsafe open("\(path)/LOCK", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw Folder.lastFailure("open the lock of", path) }
        var request = flock()
        request.l_type = Int16(F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        guard unsafe fcntl(descriptor, F_SETLK, &request) == 0 else {
            let isHeld = errno == EAGAIN || errno == EACCES
            let failure = Folder.lastFailure("lock", path)
            close(descriptor)
            throw isHeld ? .locked(path: path) : failure
        }
        self.descriptor = descriptor
    }

    /// Gives the lock back.
    consuming func release() {}

    deinit { close(descriptor) }
}
