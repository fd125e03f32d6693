import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A folder for one measurement, removed after it.
struct TemporaryFolder: ~Copyable {
    /// Where the folder is.
    let path: String

    /// Makes a new folder inside another, or in the system's place for such.
    init(in parent: String?) throws {
        let parent = parent ?? FileManager.default.temporaryDirectory.path
        path = parent + "/phi-measure-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Bytes of the files directly inside a folder.
    static func byteCount(of folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
            var info = stat()
            let path = folder + "/" + name
            guard unsafe lstat(path, &info) == 0 else {
                throw MeasureFailure.file(path: path, reason: "its size cannot be read")
            }
            return sum + Int(info.st_size)
        }
    }
}
