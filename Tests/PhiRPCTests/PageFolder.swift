import Foundation

/// The page's files as they lie in the repository.
enum PageFolder {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/CWeb/page")

    /// The contents of all files by their paths.
    static func files() throws -> [String: [UInt8]] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
        var files: [String: [UInt8]] = [:]
        for path in paths {
            let place = root.appending(path: path)
            let values = try place.resourceValues(forKeys: [.isRegularFileKey])
            guard values.isRegularFile == true else { continue }
            files[path] = Array(try Data(contentsOf: place))
        }
        return files
    }
}
