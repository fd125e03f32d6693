#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Files that only their owner may read, replaced as a whole or not at all.
public enum PrivateFile {
    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: Bytes of it at most.
    ///   - isSecret: Whether a file that others may read is refused.
    /// - Returns: The bytes.
    /// - Throws: Why it could not be read.
    public static func read(
        _ path: String,
        limit: Int,
        isSecret: Bool = true
    ) throws(FileFailure) -> [UInt8] {
        try withOpen(path) { descriptor throws(FileFailure) in
            if isSecret {
                var status = stat()
                guard unsafe fstat(descriptor, &status) == 0 else {
                    throw failure("examine", path)
                }
                guard status.st_mode & 0o077 == 0 else { throw .readableByOthers(path: path) }
            }
            return try readAll(descriptor, path, limit: limit)
        }
    }

    /// Reads all that an open file still gives.
    public static func readAll(
        _ descriptor: Int32,
        _ path: String,
        limit: Int
    ) throws(FileFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        while let part = try readPart(descriptor, path) {
            guard bytes.count + part.count <= limit else {
                throw .tooLong(path: path, limit: limit)
            }
            bytes.append(contentsOf: part)
        }
        return bytes
    }

    /// Reads the next bytes of an open file, or nil at its end.
    public static func readPart(
        _ descriptor: Int32,
        _ path: String
    ) throws(FileFailure) -> [UInt8]? {
        var part = [UInt8](repeating: 0, count: partByteCount)
        while true {
            let count = unsafe part.withUnsafeMutableBytes { buffer in
                unsafe systemRead(descriptor, buffer.baseAddress, partByteCount)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            return count == 0 ? nil : Array(part.prefix(count))
        }
    }

    private static let partByteCount = 64 << 10

    /// Opens a file for reading, hands it to the body, and closes it.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - body: What reads it.
    /// - Returns: What the body makes of it.
    /// - Throws: Why it cannot be opened, or what the body throws.
    public static func withOpen<Value>(
        _ path: String,
        _ body: (_ descriptor: Int32) throws(FileFailure) -> Value
    ) throws(FileFailure) -> Value {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .absent(path: path) : failure("open", path)
        }
        defer { close(descriptor) }
        return try body(descriptor)
    }

    /// Puts a file in place of another of the same name, so that a crash leaves one of the two.
    ///
    /// - Parameters:
    ///   - path: The file; its folder must exist.
    ///   - bytes: What it shall hold.
    /// - Throws: Why it was not written; then the old file stands.
    public static func replace(_ path: String, with bytes: [UInt8]) throws(FileFailure) {
        let temporary = "\(path).new-\(getpid())"
        try create(temporary, bytes)
        guard unsafe rename(temporary, path) == 0 else {
            let reason = failure("rename", path)
            unsafe unlink(temporary)
            throw reason
        }
        try sync(folder: folder(of: path))
    }

    /// Writes a file that must not be there yet.
    public static func write(new path: String, _ bytes: [UInt8]) throws(FileFailure) {
        try create(path, bytes)
        try sync(folder: folder(of: path))
    }

    private static func create(_ path: String, _ bytes: [UInt8]) throws(FileFailure) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(path, flags, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .exists(path: path) : failure("create", path)
        }
        defer { close(descriptor) }
        do throws(FileFailure) {
            try writeAll(bytes, to: descriptor, path)
            guard fsync(descriptor) == 0 else { throw failure("write", path) }
        } catch {
            unsafe unlink(path)
            throw error
        }
    }

    private static func writeAll(
        _ bytes: [UInt8],
        to descriptor: Int32,
        _ path: String
    ) throws(FileFailure) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { buffer in
                unsafe systemWrite(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            start += count
        }
    }

    /// Makes a folder and all above it, readable by their owner only, unless they are there.
    public static func makeFolder(_ path: String) throws(FileFailure) {
        guard !path.isEmpty, unsafe mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, folder(of: path) != path else { throw failure("create", path) }
        try makeFolder(folder(of: path))
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw failure("create", path)
        }
    }

    /// The folder that a file is in.
    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func sync(folder: String) throws(FileFailure) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        // Some file systems refuse to sync a folder; then the file itself is all that can be had.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("write", folder) }
    }

    static func failure(_ call: String, _ path: String) -> FileFailure {
        .system(call: call, path: path, reason: unsafe String(cString: strerror(errno)))
    }
}
