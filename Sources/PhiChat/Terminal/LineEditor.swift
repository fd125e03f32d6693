/// The line in which a person writes: keys in, text and cursor out.
struct LineEditor: Sendable {
    /// What a key led to, beside a change of the line.
    enum Outcome: Equatable, Sendable {
        /// The line changed, or nothing did.
        case edited
        /// The line is finished.
        case finished(String)
        /// The text would be longer than can be sent, so it was left as it was.
        case tooLong(limit: Int, found: Int)
        /// The key is not for the line.
        case unhandled(Key)
    }

    /// Lines that are remembered.
    static let historyLimit = 100

    /// Bytes that a line may have.
    let byteLimit: Int
    private(set) var letters: [Character] = []
    /// How many letters stand before the cursor.
    private(set) var cursor = 0
    private var byteCount = 0
    private var history: [String] = []
    /// The place in the history; its count stands for the line that is being written.
    private var place = 0
    private var draft = ""

    /// An empty line.
    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// What the line says.
    var text: String { String(letters) }

    /// Does what a key says.
    mutating func handle(_ key: Key) -> Outcome {
        switch key {
        case .text(let text): return insert(text)
        case .paste(let text, let byteCount): return paste(text, byteCount)
        case .newLine: return insert("\n")
        case .enter:
            guard !letters.isEmpty else { return .edited }
            return .finished(finish())
        case .endOfInput:
            guard !letters.isEmpty else { return .unhandled(key) }
            remove(cursor..<min(cursor + 1, letters.count))
        case .backspace: remove(max(0, cursor - 1)..<cursor)
        case .delete: remove(cursor..<min(cursor + 1, letters.count))
        case .deleteWord: remove(wordStart..<cursor)
        case .deleteNextWord: remove(cursor..<wordEnd)
        case .deleteToStart: remove(0..<cursor)
        case .deleteToEnd: remove(cursor..<letters.count)
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(letters.count, cursor + 1)
        case .wordLeft: cursor = wordStart
        case .wordRight: cursor = wordEnd
        case .home: cursor = 0
        case .end: cursor = letters.count
        case .up: recall(place - 1)
        case .down: recall(place + 1)
        case .pageUp, .pageDown, .interrupt, .suspend, .redraw, .escape: return .unhandled(key)
        }
        return .edited
    }

    /// Puts a text in place of the line, with the cursor at its end.
    mutating func replace(with text: String) {
        letters = Array(text)
        cursor = letters.count
        byteCount = text.utf8.count
    }

    private mutating func paste(_ text: String, _ count: Int) -> Outcome {
        guard count <= byteLimit - byteCount else {
            return .tooLong(limit: byteLimit, found: count.addingReportingOverflow(byteCount).0)
        }
        var plain = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        while plain.hasSuffix("\n") { plain.removeLast() }
        return insert(plain)
    }

    private mutating func insert(_ text: String) -> Outcome {
        let count = byteCount + text.utf8.count
        guard count <= byteLimit else { return .tooLong(limit: byteLimit, found: count) }
        guard !text.isEmpty else { return .edited }
        // A mark joins the letter before it, and a letter may take up the marks after it.
        let first = max(0, cursor - 1)
        let last = min(letters.count, cursor + 1)
        let before = String(letters[first..<cursor]) + text
        let after = String(letters[cursor..<last])
        let joined = Array(before + after)
        let isSplit = joined.count == Array(before).count + after.count
        letters.replaceSubrange(first..<last, with: joined)
        cursor = first + (isSplit ? joined.count - after.count : joined.count)
        byteCount = count
        place = history.count
        return .edited
    }

    private mutating func remove(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        byteCount -= letters[range].reduce(0) { $0 + $1.utf8.count }
        // What is left may join where it meets.
        let rest = Array(String(letters[..<range.lowerBound] + letters[range.upperBound...]))
        let isSplit = rest.count == letters.count - range.count
        letters = rest
        cursor = isSplit ? range.lowerBound : max(0, min(range.lowerBound, rest.count) - 1)
        place = history.count
    }

    private mutating func finish() -> String {
        let finished = text
        if history.last != finished { history.append(finished) }
        if history.count > Self.historyLimit { history.removeFirst() }
        place = history.count
        draft = ""
        replace(with: "")
        return finished
    }

    private mutating func recall(_ wanted: Int) {
        let wanted = min(max(0, wanted), history.count)
        guard wanted != place else { return }
        if place == history.count { draft = text }
        place = wanted
        replace(with: wanted == history.count ? draft : history[wanted])
    }

    private var wordStart: Int {
        var index = cursor
        while index > 0, !Self.isOfWord(letters[index - 1]) { index -= 1 }
        while index > 0, Self.isOfWord(letters[index - 1]) { index -= 1 }
        return index
    }

    private var wordEnd: Int {
        var index = cursor
        while index < letters.count, !Self.isOfWord(letters[index]) { index += 1 }
        while index < letters.count, Self.isOfWord(letters[index]) { index += 1 }
        return index
    }

    private static func isOfWord(_ letter: Character) -> Bool {
        letter.isLetter || letter.isNumber || letter == "_"
    }
}

extension LineEditor {
    /// The part of the line around the cursor that fits into so many columns.
    ///
    /// - Parameter columns: The width of the field, the cursor's own place included.
    /// - Returns: A safe text, and the column of the cursor in it.
    func window(columns: Int) -> (text: String, cursor: Int) {
        let room = max(1, columns) - 1
        var start = cursor
        var before = 0
        while start > 0 {
            let size = TextWidth.of(Self.shown(letters[start - 1]))
            guard before + size <= room else { break }
            before += size
            start -= 1
        }
        var text = letters[start..<cursor].map(Self.shown).joined()
        var used = before
        for letter in letters[cursor...] {
            let shown = Self.shown(letter)
            used += TextWidth.of(shown)
            guard used <= room + 1 else { break }
            text += shown
        }
        return (text, before)
    }

    private static func shown(_ letter: Character) -> String {
        letter.isNewline ? "↵" : SafeText.line(String(letter))
    }
}
