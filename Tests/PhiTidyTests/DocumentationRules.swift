/// What makes code explain itself to its reader.
enum DocumentationRules {
    private static let declarations: Set = [
        "func", "var", "let", "init", "subscript", "struct", "class", "enum", "protocol", "actor",
        "typealias", "associatedtype",
    ]
    private static let modifiers: Set = [
        "static", "final", "mutating", "nonisolated", "borrowing", "consuming", "indirect",
        "private", "set", "(", ")", "unsafe", "override", "convenience", "lazy", "weak",
    ]
    /// What a protocol of the standard library or a dependency names and explains.
    private static let inherited: Set = [
        "description", "debugDescription", "errorDescription", "hash", "rawValue", "encode",
        "unownedExecutor", "testDescription", "asyncIterator", "makeAsyncIterator", "next", "run",
        "makeCounter", "makeRecorder", "makeTimer", "destroyCounter", "destroyRecorder",
        "destroyTimer", "allCases", "makeIterator",
    ]

    /// Public declarations without a sentence before them.
    static func declarations(_ file: SourceFile) -> [Violation] {
        let tokens = file.tokens
        return tokens.indices.compactMap { place -> Violation? in
            guard ["public", "package"].contains(tokens[place].text) else { return nil }
            var next = place + 1
            while modifiers.contains(tokens.text(next)) { next += 1 }
            guard declarations.contains(tokens.text(next)) else { return nil }
            let name = tokens.text(next) == "init" ? "init" : tokens.text(next + 1)
            guard Lexer.isWord(name.utf8.first ?? 0), !inherited.contains(name) else { return nil }
            return lacksSentence(file, tokens[place].line)
                ? file.violation(tokens[place].line, "\(name) has no documentation") : nil
        }
    }

    /// Enum cases without a sentence before them, in every enum that is not private.
    static func cases(_ file: SourceFile) -> [Violation] {
        let tokens = file.tokens
        return tokens.places(of: "enum").flatMap { place -> [Violation] in
            guard !["private", "fileprivate"].contains(tokens.text(place - 1)),
                tokens.text(place + 1) != "CodingKeys",
                let open = tokens[place...].firstIndex(where: { $0.text == "{" }),
                let end = tokens.closing(open)
            else { return [] }
            return cases(file, open, end)
        }
    }

    private static func cases(_ file: SourceFile, _ open: Int, _ end: Int) -> [Violation] {
        let tokens = file.tokens
        var found: [Violation] = []
        var place = open + 1
        while place < end {
            if ["{", "("].contains(tokens[place].text) {
                place = tokens.closing(place) ?? end
            } else if tokens[place].text == "case", lacksSentence(file, tokens[place].line) {
                let name = tokens.text(place + 1)
                found.append(
                    file.violation(tokens[place].line, "case \(name) has no documentation")
                )
            }
            place += 1
        }
        return found
    }

    /// Whether no `///` stands above a line; attributes may stand between.
    private static func lacksSentence(_ file: SourceFile, _ line: Int) -> Bool {
        var above = line - 2
        while above >= 0 {
            let text = file.lines[above].drop { $0 == " " }
            if text.hasPrefix("///") { return false }
            guard text.hasPrefix("@") else { return true }
            above -= 1
        }
        return true
    }
}
