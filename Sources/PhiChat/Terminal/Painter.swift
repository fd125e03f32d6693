/// Makes the bytes that bring a terminal from what it shows to what it shall show.
struct Painter: Sendable {
    /// What a terminal is told before the first frame: another screen, pastes in one piece, and no
    /// line that runs on into the next row.
    static let begin = "\u{1b}[?1049h\u{1b}[?2004h\u{1b}[?7l\u{1b}[2J"
    /// What a terminal is told after the last frame: everything as it was.
    static let end = "\u{1b}[?2004l\u{1b}[?7h\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l"

    /// Whether looks are told; without them only letters are.
    let hasStyle: Bool
    private var shown: [ScreenLine] = []

    /// A painter for a terminal that shows nothing yet.
    init(hasStyle: Bool) { self.hasStyle = hasStyle }

    /// Forgets what the terminal shows, so that the next frame is painted whole.
    mutating func forget() { shown = [] }

    /// The bytes for a frame: the rows that changed, then the cursor.
    mutating func paint(_ frame: Frame) -> [UInt8] {
        var text = "\u{1b}[?25l"
        if shown.count != frame.lines.count {
            text += "\u{1b}[0m\u{1b}[2J"
            shown = []
        }
        for (row, line) in frame.lines.enumerated() where row >= shown.count || shown[row] != line {
            text += "\u{1b}[\(row + 1);1H\u{1b}[2K" + letters(of: line)
        }
        shown = frame.lines
        text += "\u{1b}[\(frame.cursorRow + 1);\(frame.cursorColumn + 1)H\u{1b}[?25h"
        return Array(text.utf8)
    }

    private func letters(of line: ScreenLine) -> String {
        guard hasStyle else { return line.text }
        return line.parts.map { part in
            part.style == .plain
                ? part.text : "\u{1b}[\(part.style.rawValue)m\(part.text)\u{1b}[0m"
        }
        .joined()
    }
}
