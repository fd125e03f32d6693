import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Something outside the test is not as it must be.
struct NodeProcessFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A folder of its own for one test, and every process that was started in it.
///
/// When it goes, the processes are killed and reaped and the folder is removed.
final class NodeProcessFolder: Sendable {
    /// How a command ended.
    struct Ending: Sendable {
        let status: Int32
        let output: String
        let errors: String

        /// The document that the command printed.
        var document: NodeProcessValue { NodeProcessValue(parsing: output.utf8) }
    }

    let path: String
    private let children = Mutex<[Process]>([])

    init() throws {
        path = FileManager.default.temporaryDirectory
            .appending(path: "phi-node-\(UUID().uuidString)").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        for child in children.withLock({ $0 }) where child.isRunning {
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The program, which the build puts beside the bundle of the tests.
    static let program: String? = {
        for start in CommandLine.arguments + [Bundle.main.bundlePath] {
            var folder = URL(filePath: start)
            for _ in 0..<5 {
                folder.deleteLastPathComponent()
                let program = folder.appending(path: "phi-ledger")
                let values = try? program.resourceValues(forKeys: [.isRegularFileKey])
                if values?.isRegularFile == true { return program.path(percentEncoded: false) }
            }
        }
        return nil
    }()

    /// The path of something in the folder.
    func path(of name: String) -> String { path + "/" + name }

    /// Starts the program at a terminal.
    func spawn(_ arguments: [String], at terminal: PseudoTerminal) throws -> Process {
        guard let executable = Self.program else {
            throw NodeProcessFailure("phi-ledger is not built; run “swift build” first")
        }
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: path)
        process.environment = [
            "HOME": path, "XDG_DATA_HOME": path + "/share", "TERM": "xterm", "TZ": "UTC",
            "PATH": "/usr/bin:/bin",
        ]
        process.standardInput = terminal.end
        process.standardOutput = terminal.end
        process.standardError = terminal.end
        try process.run()
        children.withLock { $0.append(process) }
        return process
    }

    /// Starts a program whose two streams go into files.
    func spawn(
        _ arguments: [String],
        output: String,
        errors: String,
        program: String? = nil,
        input: String? = nil
    ) throws -> Process {
        guard let executable = program ?? Self.program else {
            throw NodeProcessFailure("phi-ledger is not built; run “swift build” first")
        }
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: path)
        process.environment = [
            "HOME": path, "XDG_DATA_HOME": path + "/share", "XDG_CONFIG_HOME": path + "/config",
            "NO_COLOR": "1", "PATH": "/usr/bin:/bin",
        ]
        process.standardInput =
            try input.map { try FileHandle(forReadingFrom: file($0)) }
            ?? FileHandle.nullDevice
        process.standardOutput = try writer(output)
        process.standardError = try writer(errors)
        try process.run()
        children.withLock { $0.append(process) }
        return process
    }

    /// Runs a command of the program to its end.
    func run(
        _ arguments: [String],
        program: String? = nil,
        input: String? = nil
    ) async throws -> Ending {
        let name = "run-" + UUID().uuidString
        let process = try spawn(
            arguments,
            output: name + ".out",
            errors: name + ".err",
            program: program,
            input: input
        )
        try await eventually("an end of: \(arguments.joined(separator: " "))") {
            !process.isRunning
        }
        return Ending(
            status: process.terminationStatus,
            output: text(of: name + ".out"),
            errors: text(of: name + ".err")
        )
    }

    /// What stands in a file, as far as it is there.
    func text(of name: String) -> String {
        String(decoding: (try? Data(contentsOf: file(name))) ?? Data(), as: UTF8.self)
    }

    /// Where a file is.
    func file(_ name: String) -> URL {
        URL(filePath: name.hasPrefix("/") ? name : path(of: name))
    }

    /// Everything in a folder by name, with its bytes; not what the store logs about itself.
    func contents(of name: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for file in try FileManager.default.subpathsOfDirectory(atPath: path(of: name)) {
            let place = "\(path(of: name))/\(file)"
            guard let data = FileManager.default.contents(atPath: place) else { continue }
            guard !file.hasSuffix("/LOG"), !file.hasSuffix("/LOG.old") else { continue }
            found[file] = data
        }
        return found
    }

    /// The bytes of all files in a folder.
    func size(of name: String) -> Int {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: path(of: name))) ?? []
        return files.reduce(0) { size, file in
            let place = "\(path(of: name))/\(file)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: place)
            return size + (attributes?[.size] as? Int ?? 0)
        }
    }

    private func writer(_ name: String) throws -> FileHandle {
        try Data().write(to: file(name))
        return try FileHandle(forWritingTo: file(name))
    }
}

/// Waits until something is so, looking again and again.
///
/// - Throws: When it is not so after a time that no healthy run comes near.
func eventually(
    _ what: @autoclosure () -> String,
    within limit: Duration = .seconds(60),
    _ check: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !check() {
        guard ContinuousClock.now < end else {
            throw NodeProcessFailure("waited \(limit) in vain for \(what())")
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
