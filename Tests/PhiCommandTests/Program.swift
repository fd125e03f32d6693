import Foundation
import Testing

/// The built program, run as a process of its own.
struct Program {
    /// What a run left behind.
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The folder that the program takes for its home.
    let home: String

    init() throws {
        home = NSTemporaryDirectory() + "/phi-command-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: home) }

    /// Runs the program to its end.
    func run(_ arguments: [String], input: String = "") throws -> Outcome {
        let process = Process()
        process.executableURL = try Self.location()
        process.arguments = arguments
        process.environment = ["HOME": home, "PATH": "/usr/bin:/bin"]
        // Files instead of pipes: neither side can wait for the other.
        let files = try ["in", "out", "err"].map { name in
            let path = home + "/." + name
            let contents = Data(name == "in" ? Array(input.utf8) : [])
            try contents.write(to: URL(filePath: path))
            return try #require(FileHandle(forUpdatingAtPath: path))
        }
        process.standardInput = files[0]
        process.standardOutput = files[1]
        process.standardError = files[2]
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: try Self.text(home + "/.out"),
            errors: try Self.text(home + "/.err")
        )
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    /// The program stands beside the bundle of the tests.
    private static func location() throws -> URL {
        for start in CommandLine.arguments + [Bundle.main.bundlePath] {
            var folder = URL(filePath: start)
            for _ in 0..<5 {
                folder.deleteLastPathComponent()
                let program = folder.appending(path: "phi-ledger")
                let values = try? program.resourceValues(forKeys: [.isRegularFileKey])
                if values?.isRegularFile == true { return program }
            }
        }
        throw CocoaError(.fileNoSuchFile)
    }
}
