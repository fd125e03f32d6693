/// One Swift file, as text and as tokens.
struct SourceFile: Sendable {
    /// The path from the root of the repository.
    let path: String
    /// The lines, without their ends.
    let lines: [String]
    /// The code, without comments.
    let tokens: [Token]

    /// A file with a text.
    init(_ path: String, _ text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        tokens = Lexer.tokens(of: text)
    }

    /// The target that the file belongs to, by its folder.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    /// The modules that the file imports, with their lines.
    var imports: [Token] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
        return tokens.places(of: "import").filter { tokens.text($0 - 1) != "." }.map { place in
            let isScoped = kinds.contains(tokens.text(place + 1))
            return tokens[place + (isScoped ? 2 : 1)]
        }
    }

    /// A violation at a line of this file.
    func violation(_ line: Int, _ message: String) -> Violation {
        Violation(path: path, line: line, message: message)
    }
}

/// A rule that a line breaks.
struct Violation: CustomStringConvertible, Equatable, Sendable {
    /// The path of the file.
    var path: String
    /// The line, from 1.
    var line: Int
    /// What is wrong.
    var message: String

    var description: String { "\(path):\(line): \(message)" }
}
