import FoundationEssentials

/// Files that others may read.
enum PublicFile {
    /// Writes a file, in place of one of the same name.
    static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw CommandFailure("The file \(path) cannot be written; check its folder.")
        }
    }
}
