public import Foundation

/// The folder of vectors and reference programs that stands beside the repository.
public enum SharedFolder {
    /// Reads one file of the shared folder.
    ///
    /// A test that needs the file and finds it absent says so loudly and ends without a verdict.
    /// - Parameter path: The path inside the folder, such as `vectors/ed25519/cctv.json`.
    /// - Returns: The file's contents, or nil where the folder is absent.
    public static func data(_ path: String) -> Data? {
        guard let found = try? Data(contentsOf: url(path)) else {
            FileHandle.standardError.write(
                Data("SKIPPED: ../shared/\(path) is absent, its vectors were not run.\n".utf8)
            )
            return nil
        }
        return found
    }

    /// The place where a file of the shared folder would be.
    public static func url(_ path: String) -> URL {
        packageRoot.appending(path: "../shared").appending(path: path).standardizedFileURL
    }

    /// The folder that holds `Package.swift`.
    public static var packageRoot: URL {
        URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }
}
