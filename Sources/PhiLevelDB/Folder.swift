import PhiChain

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The calls about files that the library does not make for us.
enum Folder {
    /// Makes the folder, readable by its owner only, unless it is there.
    ///
    /// The folder above it must exist.
    static func create(_ path: String) throws(StoreFailure) {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw lastFailure("create", path)
        }
    }

    /// The failure of the system call that was made just before.
    static func lastFailure(_ verb: String, _ path: String) -> StoreFailure {
        let reason = unsafe String(cString: strerror(errno))
        return .inputOutput(detail: "\(verb) \(path): \(reason)")
    }
}
