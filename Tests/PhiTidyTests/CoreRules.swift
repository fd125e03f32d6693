/// What keeps the core pure: it computes, and everything else is told to it.
enum CoreRules {
    /// Words that no code of the core says, with the reason.
    private static let banned: [String: String] = [
        "async": "the core does not wait", "await": "the core does not wait",
        "actor": "the core has no tasks", "Task": "the core has no tasks",
        "TaskGroup": "the core has no tasks", "AsyncStream": "the core has no tasks",
        "Mutex": "the core has no threads", "Thread": "the core has no threads",
        "DispatchQueue": "the core has no threads", "Double": "the core has no floating point",
        "Float": "the core has no floating point", "Float16": "the core has no floating point",
        "Float32": "the core has no floating point", "Float64": "the core has no floating point",
        "Float80": "the core has no floating point", "CGFloat": "the core has no floating point",
        "SystemRandomNumberGenerator": "chance is an argument",
        "FileManager": "the core has no files", "FileHandle": "the core has no files",
        "ProcessInfo": "the core knows no process", "Logger": "the core writes no log",
    ]

    /// Words that are allowed for all that, by file: a store has to be safe to share.
    private static let allowed: Set = [
        "Sources/PhiSimulation/SimulatedDisk.swift Mutex",
        "Sources/PhiSimulation/SimulatedDisk.swift Synchronization",
    ]

    /// Methods that take chance from the system unless they are given a generator.
    private static let chance: Set = ["random", "randomElement", "shuffled", "shuffle"]

    /// Words that the core must not say.
    static func purity(_ file: SourceFile) -> [Violation] {
        let tokens = file.tokens
        return tokens.indices.compactMap { place -> Violation? in
            let word = tokens[place].text
            let next = tokens.text(place + 1)
            if let reason = banned[word], tokens.text(place - 1) != ".",
                !allowed.contains(file.path + " " + word)
            {
                return file.violation(tokens[place].line, "says \(word): \(reason)")
            }
            if next == "(", word == "Date" || word.hasSuffix("Clock") {
                return file.violation(tokens[place].line, "says \(word)(: time is an argument")
            }
            guard next == "(", chance.contains(word), tokens.text(place - 1) == "." else {
                return nil
            }
            let end = tokens.closing(place + 1) ?? place
            let isGiven = tokens[place..<end].contains { $0.text == "using" }
            return isGiven
                ? nil : file.violation(tokens[place].line, "says .\(word)(: chance is an argument")
        }
    }

    /// Modules that the manifest does not give to the core's target.
    static func imports(_ file: SourceFile, _ manifest: Manifest) -> [Violation] {
        guard let allowed = manifest.core[file.target] else { return [] }
        return file.imports.filter {
            !allowed.contains($0.text) && !Self.allowed.contains(file.path + " " + $0.text)
        }.map {
            file.violation($0.line, "imports \($0.text), which Package.swift does not give it")
        }
    }
}
