import PhiChain
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The right of one store in this process to use a folder.
///
/// The library's own lock does not suffice inside a process. It knows folders by their spelling
/// and so would open `a` and `./a` at once; and when it refuses a second store it closes a
/// descriptor of the lock file, upon which the system drops the first store's lock as well and
/// lets other processes in. Hence a second store is refused before the library hears of it.
final class FolderClaim: Sendable {
    private static let claimed = Mutex<Set<[UInt64]>>([])

    /// The device and number by which the system knows the folder, whatever it is called.
    private let identity: [UInt64]
    /// The open folder: while it is open the system gives its number to no other.
    private let descriptor: Int32

    /// Claims a folder that exists.
    init(_ path: String) throws(StoreFailure) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Folder.lastFailure("open", path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let failure = Folder.lastFailure("examine", path)
            close(descriptor)
            throw failure
        }
        let identity = [UInt64(truncatingIfNeeded: status.st_dev), UInt64(status.st_ino)]
        guard Self.claimed.withLock({ $0.insert(identity).inserted }) else {
            close(descriptor)
            throw .locked(path: path)
        }
        self.identity = identity
        self.descriptor = descriptor
    }

    deinit {
        let identity = identity
        Self.claimed.withLock { _ = $0.remove(identity) }
        close(descriptor)
    }
}
