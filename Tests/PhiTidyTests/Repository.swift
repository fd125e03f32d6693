import Foundation

/// The files of the repository that the rules judge.
enum Repository {
    /// Folders whose text is judged; what the build makes lies elsewhere.
    private static let folders = [
        ".ci", "Fuzz/Sources", "Sources", "Tests", "docs", "genesis", "scripts",
    ]

    /// Files at the top whose text is judged.
    private static let files = [
        "CHANGELOG.md", "CONTRIBUTING.md", "Package.swift", "README.md", "SECURITY.md",
    ]

    /// The folder that holds the manifest.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Paths from the root of every text file, in their order.
    static let paths: [String] = (files.filter(exists) + folders.flatMap(walk)).sorted()

    /// Every Swift file of the sources.
    static let sources: [SourceFile] = swift(under: "Sources/")

    /// Every Swift file of sources, tests and the manifest.
    static let everything: [SourceFile] =
        swift(under: "Sources/") + swift(under: "Tests/") + swift(under: "Fuzz/Sources/")
        + swift(under: "Package.swift")

    /// The text of a file, or nil where it is not UTF-8 or not there.
    static func text(_ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    private static func swift(under prefix: String) -> [SourceFile] {
        paths.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".swift") }.compactMap { path in
            text(path).map { SourceFile(path, $0) }
        }
    }

    /// The files below a folder; links are followed, what Python leaves behind is not text.
    private static func walk(_ path: String) -> [String] {
        let place = root.appending(path: path).resolvingSymlinksInPath().path
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            return []
        }
        guard isFolder.boolValue else { return [path] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.filter { $0 != "__pycache__" && $0 != ".DS_Store" }.sorted()
            .flatMap { walk(path + "/" + $0) }
    }
}
