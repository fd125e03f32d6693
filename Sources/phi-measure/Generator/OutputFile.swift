#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file that is written from its beginning to its end.
struct OutputFile: ~Copyable {
    private let path: String
    private let descriptor: Int32

    /// Makes a file, in place of one of the same name.
    init(_ path: String) throws(MeasureFailure) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw .file(path: path, reason: "cannot be made") }
    }

    deinit { _ = close(descriptor) }

    /// Adds bytes at the end.
    borrowing func append(_ bytes: [UInt8]) throws(MeasureFailure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(
                    descriptor,
                    buffer.baseAddress?.advanced(by: written),
                    bytes.count - written
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .file(path: path, reason: "cannot be written") }
            written += count
        }
    }
}
