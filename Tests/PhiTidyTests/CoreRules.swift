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

    /// Methods that take chance from the system unless they are given a generator.
    private static let chance: Set = ["random", "randomElement", "shuffled", "shuffle"]

    /// Words that the core must not say.
    static func purity(_ file: SourceFile) -> [Violation] {
        let tokens = file.tokens
        return tokens.indices.compactMap { place -> Violation? in
            let word = tokens[place].text
            let next = tokens.text(place + 1)
            if let reason = banned[word], tokens.text(place - 1) != "." {
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
        return file.imports.filter { !allowed.contains($0.text) }.map {
            file.violation($0.line, "imports \($0.text), which Package.swift does not give it")
        }
    }

    /// Loops and copies whose order is that of a hash table, and so of the process.
    ///
    /// - Parameters:
    ///   - file: The file to judge.
    ///   - names: Names that are declared as a dictionary or set somewhere in the target.
    static func order(_ file: SourceFile, names: Set<String>) -> [Violation] {
        let tokens = file.tokens
        return tokens.places(of: "in").compactMap { place -> Violation? in
            guard isLoop(tokens, place) else { return nil }
            var next = place + 1
            while tokens.text(next) == "self" || tokens.text(next) == "." { next += 1 }
            let name = tokens.text(next)
            guard names.contains(name) else { return nil }
            var after = next + 1
            if tokens.text(after) == ".", ["keys", "values"].contains(tokens.text(after + 1)) {
                after += 2
            }
            guard ["{", "where"].contains(tokens.text(after)) else { return nil }
            return file.violation(tokens[place].line, "walks \(name) in the order of a hash table")
        }
    }

    /// Names that a file declares as a dictionary or a set.
    static func unordered(_ file: SourceFile) -> Set<String> {
        let tokens = file.tokens
        var names: Set<String> = []
        for place in tokens.indices where ["let", "var"].contains(tokens[place].text) {
            let name = tokens.text(place + 1)
            if tokens.text(place + 2) == ":", tokens.text(place + 3) == "[" {
                guard let end = tokens.closing(place + 3) else { continue }
                if isDictionary(tokens, place + 3, end) { names.insert(name) }
            }
            let type = tokens.text(place + 3)
            if [":", "="].contains(tokens.text(place + 2)), ["Set", "Dictionary"].contains(type) {
                names.insert(name)
            }
            if tokens.text(place + 2) == "=", type == "[" {
                guard let end = tokens.closing(place + 3) else { continue }
                let isMade = tokens.text(end + 1) == "(" || tokens.text(place + 4) == ":"
                if isMade, isDictionary(tokens, place + 3, end) { names.insert(name) }
            }
        }
        return names
    }

    /// Whether the brackets hold a colon at their own depth.
    private static func isDictionary(_ tokens: [Token], _ open: Int, _ end: Int) -> Bool {
        var depth = 0
        for place in (open + 1)..<max(open + 1, end) {
            if ["(", "[", "{"].contains(tokens[place].text) { depth += 1 }
            if [")", "]", "}"].contains(tokens[place].text) { depth -= 1 }
            if depth == 0, tokens[place].text == ":" { return true }
        }
        return false
    }

    /// Whether the `in` at a place is that of a loop and not that of a closure.
    private static func isLoop(_ tokens: [Token], _ place: Int) -> Bool {
        var before = place - 1
        while before >= 0, place - before < 16, !["{", "}"].contains(tokens[before].text) {
            if tokens[before].text == "for" { return true }
            before -= 1
        }
        return false
    }
}
