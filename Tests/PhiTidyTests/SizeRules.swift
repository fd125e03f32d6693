/// What keeps files and functions small enough to be read at once.
enum SizeRules {
    /// Lines of the longest file.
    static let fileLimit = 400
    /// Lines of the longest function, its braces included.
    static let functionLimit = 60

    /// A file that is too long.
    static func file(_ file: SourceFile) -> [Violation] {
        let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
        guard count > fileLimit else { return [] }
        return [file.violation(count, "has \(count) lines, at most \(fileLimit) are allowed")]
    }

    /// Functions, initializers and subscripts that are too long.
    static func functions(_ file: SourceFile) -> [Violation] {
        let tokens = file.tokens
        return tokens.indices.compactMap { place -> Violation? in
            guard let body = body(tokens, place), let end = tokens.closing(body) else { return nil }
            let count = tokens[end].line - tokens[place].line + 1
            guard count > functionLimit else { return nil }
            let name = tokens[place].text == "func" ? tokens.text(place + 1) : tokens[place].text
            return file.violation(
                tokens[place].line,
                "\(name) has \(count) lines, at most \(functionLimit) are allowed"
            )
        }
    }

    /// The brace that opens the body of the function declared at a place, if one is.
    private static func body(_ tokens: [Token], _ place: Int) -> Int? {
        guard ["func", "init", "deinit", "subscript"].contains(tokens[place].text),
            tokens.text(place - 1) != "."
        else { return nil }
        let ends: Set = ["}", "func", "init", "var", "let", "subscript", "case", "associatedtype"]
        var next = place + 1
        while next < tokens.count {
            switch tokens[next].text {
            case "{": return next
            case "(", "[": next = (tokens.closing(next) ?? tokens.count) + 1
            case let text where ends.contains(text): return nil
            default: next += 1
            }
        }
        return nil
    }
}
