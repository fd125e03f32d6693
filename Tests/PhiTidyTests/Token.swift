/// A piece of Swift code that the rules look at: a word, a sign or a string literal.
struct Token: Equatable, Sendable {
    /// What the piece says; a string literal is only a quotation mark, its text is not code.
    var text: String
    /// The line on which it starts, from 1.
    var line: Int

    /// Whether the piece is a word of letters, digits and underscores.
    var isWord: Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return Lexer.isWord(UInt8(truncatingIfNeeded: first.value))
    }
}

extension [Token] {
    /// The places where a row of texts stands.
    func places(of row: String...) -> [Int] {
        guard row.count <= count else { return [] }
        return (0...(count - row.count)).filter { start in
            row.indices.allSatisfy { self[start + $0].text == row[$0] }
        }
    }

    /// The text at a place, or nothing beyond either end.
    func text(_ place: Int) -> String {
        indices.contains(place) ? self[place].text : ""
    }

    /// The place of the brace or parenthesis that closes the one at a place.
    func closing(_ open: Int) -> Int? {
        let pairs = ["(": ")", "{": "}", "[": "]"]
        guard let close = pairs[text(open)] else { return nil }
        var depth = 0
        for place in open..<count {
            if self[place].text == self[open].text { depth += 1 }
            if self[place].text == close { depth -= 1 }
            if depth == 0 { return place }
        }
        return nil
    }
}
