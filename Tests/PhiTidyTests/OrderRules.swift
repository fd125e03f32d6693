/// What keeps the order of a hash table, which differs from process to process, out of the core.
enum OrderRules {
    /// Loops whose outcome is the same in any order, by file and name.
    static let commutative: Set = [
        "Sources/PhiChain/BlockTree.swift candidates", "Sources/PhiNode/PeerBook.swift places",
    ]

    /// Steps that keep or show the order of what they walk.
    private static let ordered: Set = [
        "map", "compactMap", "flatMap", "first", "prefix", "dropFirst", "enumerated", "joined",
        "makeIterator", "popFirst", "randomElement",
    ]

    /// Steps after which the order of the walk no longer matters.
    private static let settled: Set = ["sorted", "min", "max", "Set", "contains", "allSatisfy"]

    /// Loops over a dictionary or set, and lists made of one that nobody sorts.
    ///
    /// - Parameters:
    ///   - file: The file to judge.
    ///   - names: Names that the target's files declare as dictionaries or sets.
    ///   - commutative: Loops that are allowed, by file and name.
    /// - Returns: A violation for each of them.
    static func walks(
        _ file: SourceFile,
        names: Set<String>,
        commutative: Set<String> = commutative
    ) -> [Violation] {
        let here = unordered(file)
        let judged = names.subtracting(otherwise(file)).union(here)
        let tokens = file.tokens
        return tokens.indices.compactMap { place -> Violation? in
            let name = tokens[place].text
            guard judged.contains(name), isLoop(tokens, place) || isList(tokens, place),
                !commutative.contains(file.path + " " + name)
            else { return nil }
            return file.violation(tokens[place].line, "walks \(name) in the order of a hash table")
        }
    }

    /// Names that a file declares as a dictionary or a set.
    static func unordered(_ file: SourceFile) -> Set<String> {
        let tokens = file.tokens
        return Set(
            tokens.indices.compactMap { place in
                guard ["let", "var"].contains(tokens[place].text), isTable(tokens, place + 2) else {
                    return nil
                }
                return tokens.text(place + 1)
            }
        )
    }

    /// Names that a file declares as something else, so that a table of that name lies elsewhere.
    private static func otherwise(_ file: SourceFile) -> Set<String> {
        let tokens = file.tokens
        return Set(
            tokens.indices.compactMap { place in
                let before = tokens.text(place - 1)
                guard before == "let" || before == "var" || tokens.text(place + 1) == ":",
                    !isTable(tokens, place + 1)
                else { return nil }
                return tokens[place].text
            }
        )
    }

    /// Whether the sign at a place starts the type or the value of a dictionary or set.
    private static func isTable(_ tokens: [Token], _ sign: Int) -> Bool {
        guard [":", "="].contains(tokens.text(sign)) else { return false }
        if ["Set", "Dictionary"].contains(tokens.text(sign + 1)) { return true }
        guard tokens.text(sign + 1) == "[", let end = tokens.closing(sign + 1) else { return false }
        return tokens.text(sign) == ":" || tokens.text(end + 1) == "("
            ? isDictionary(tokens, sign + 1, end) : false
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

    /// Whether a loop walks the name at a place as it is.
    private static func isLoop(_ tokens: [Token], _ place: Int) -> Bool {
        var before = place - 1
        while ["self", "."].contains(tokens.text(before)) { before -= 1 }
        guard tokens.text(before) == "in", tokens.text(place - 1) != "." || before < place - 2
        else {
            return false
        }
        guard ["{", "where"].contains(tokens.text(afterView(tokens, place))) else { return false }
        let nearby = tokens[max(0, before - 12)..<before].reversed()
        return nearby.prefix { !["{", "}"].contains($0.text) }.contains { $0.text == "for" }
    }

    /// Whether a list is made of the name at a place, and not sorted in the same statement.
    private static func isList(_ tokens: [Token], _ place: Int) -> Bool {
        let after = afterView(tokens, place)
        guard tokens.text(place - 1) != "." || tokens.text(place - 2) == "self" else {
            return false
        }
        let isCopied = tokens.text(place - 1) == "(" && tokens.text(place - 2) == "Array"
        let isWalked = tokens.text(after) == "." && ordered.contains(tokens.text(after + 1))
        guard isCopied || isWalked else { return false }
        let statement = tokens[max(0, place - 8)..<min(tokens.count, place + 48)].filter {
            (0...3).contains($0.line - tokens[place].line)
        }
        return !statement.contains { settled.contains($0.text) }
    }

    /// The place after a name and a view of its keys or values.
    private static func afterView(_ tokens: [Token], _ place: Int) -> Int {
        let isView =
            tokens.text(place + 1) == "." && ["keys", "values"].contains(tokens.text(place + 2))
        return place + (isView ? 3 : 1)
    }
}
