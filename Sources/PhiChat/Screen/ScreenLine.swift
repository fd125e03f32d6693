/// How many rows and columns a terminal has.
struct ScreenSize: Equatable, Sendable {
    /// The columns and rows that are used at most, whatever the terminal says.
    private static let limit = 1_000

    let rows: Int
    let columns: Int

    /// A size; at least one row and one column.
    init(rows: Int, columns: Int) {
        self.rows = min(max(1, rows), Self.limit)
        self.columns = min(max(1, columns), Self.limit)
    }
}

/// One line of the screen, in parts of different looks.
struct ScreenLine: Equatable, Sendable {
    /// How a part looks.
    enum Style: Int, Sendable {
        /// As everything else.
        case plain = 0
        /// Thicker letters.
        case bold = 1
        /// Less contrast.
        case faint = 2
        /// Background and foreground exchanged.
        case reversed = 7
        /// Something that failed.
        case red = 31
        /// Something that went well.
        case green = 32
        /// Something to notice.
        case yellow = 33
        /// Who says something.
        case cyan = 36
    }

    /// A part.
    struct Part: Equatable, Sendable {
        let text: String
        let style: Style
    }

    private(set) var parts: [Part] = []

    /// An empty line.
    init() {}

    /// A line of one look.
    init(_ text: String, _ style: Style = .plain) { add(text, style) }

    /// Adds a part; the text must be safe.
    mutating func add(_ text: String, _ style: Style = .plain) {
        if !text.isEmpty { parts.append(Part(text: text, style: style)) }
    }

    /// The letters alone.
    var text: String { parts.map(\.text).joined() }

    /// The columns that the line takes.
    var width: Int { parts.reduce(0) { $0 + TextWidth.of($1.text) } }

    /// As much of the line as fits into so many columns.
    func clipped(to columns: Int) -> ScreenLine {
        var result = ScreenLine()
        var left = columns
        for part in parts {
            let text = TextWidth.clipped(part.text, to: left)
            result.add(text, part.style)
            left -= TextWidth.of(text)
            // A sign that does not fit ends the line: nothing may follow it on the same row.
            if text.unicodeScalars.count < part.text.unicodeScalars.count { break }
        }
        return result
    }

    /// The line with blanks up to a width.
    func padded(to columns: Int, _ style: Style = .plain) -> ScreenLine {
        var result = clipped(to: columns)
        result.add(String(repeating: " ", count: max(0, columns - result.width)), style)
        return result
    }
}
