import PhiClient

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Reads a file line by line, whatever its size.
struct LineReader: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private var held: [UInt8] = []
    private var start = 0
    private var chunk = [UInt8](repeating: 0, count: 1 << 20)
    /// Bytes of the whole file; zero where that is not known.
    let byteCount: UInt64
    /// Bytes handed out so far.
    private(set) var bytesRead: UInt64 = 0
    /// Lines handed out so far.
    private(set) var lineNumber = 0

    /// Opens a file; `-` is standard input.
    init(_ path: String) throws(OfflineFailure) {
        self.path = path
        descriptor = path == "-" ? 0 : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .file(errno == ENOENT ? .absent(path: path) : LineFile.failure("open", path))
        }
        var status = stat()
        let isKnown = unsafe fstat(descriptor, &status) == 0
        byteCount = isKnown ? UInt64(max(0, status.st_size)) : 0
    }

    deinit { if descriptor > 0 { close(descriptor) } }

    /// The next line without its end, or nil at the end of the file.
    mutating func next(limit: Int) throws(OfflineFailure) -> [UInt8]? {
        var searched = start
        while true {
            if let end = held[searched...].firstIndex(of: 0x0A) {
                let line = Array(held[start..<end])
                start = end + 1
                bytesRead += UInt64(line.count) + 1
                lineNumber += 1
                return line
            }
            searched = held.count
            guard held.count - start <= limit else {
                throw .line(number: lineNumber + 1, reason: "it is longer than any block")
            }
            if start > 0 {
                held.removeFirst(start)
                searched -= start
                start = 0
            }
            guard try fill() else {
                guard !held.isEmpty else { return nil }
                throw .cutOff(number: lineNumber + 1)
            }
        }
    }

    private mutating func fill() throws(OfflineFailure) -> Bool {
        while true {
            let size = chunk.count
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress, size)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(LineFile.failure("read", path)) }
            held.append(contentsOf: chunk[..<count])
            return count > 0
        }
    }
}

/// Appends lines to a file.
struct LineWriter: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Opens a file to write behind a number of bytes that stay; `-` is standard output.
    init(_ path: String, keeping byteCount: UInt64) throws(OfflineFailure) {
        self.path = path
        guard path != "-" else {
            descriptor = 1
            return
        }
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .file(LineFile.failure("open", path)) }
        guard ftruncate(descriptor, off_t(byteCount)) == 0,
            lseek(descriptor, 0, SEEK_END) >= 0
        else { throw .file(LineFile.failure("write", path)) }
    }

    deinit { if descriptor > 2 { close(descriptor) } }

    /// Writes bytes.
    borrowing func write(_ bytes: [UInt8]) throws(OfflineFailure) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { buffer in
                unsafe systemWrite(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .file(LineFile.failure("write", path)) }
            start += count
        }
    }

    /// Waits until all is on the disk.
    borrowing func finish() throws(OfflineFailure) {
        guard descriptor > 2, fsync(descriptor) != 0, errno != EINVAL else { return }
        throw .file(LineFile.failure("write", path))
    }
}

/// What reader and writer of lines share.
enum LineFile {
    static func failure(_ call: String, _ path: String) -> FileFailure {
        .system(call: call, path: path, reason: unsafe String(cString: strerror(errno)))
    }
}
