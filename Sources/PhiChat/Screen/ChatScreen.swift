import PhiAPI
import PhiLedger

/// All that the screen shows.
struct ChatView: Sendable {
    /// The meeting's title and terms.
    var heading = ""
    /// The meeting.
    var log: ChatLog
    /// Whether the node answers, and what it is waited for.
    var connection = ""
    /// Something to read before anything else, such as why a command was not done.
    var note: Note?
    /// The line that is being written.
    var editor: LineEditor
    /// What stands before that line.
    var prompt = "> "
    /// Lines of the screen that are scrolled back.
    var scroll = 0
    /// Lines that are shown in place of the messages, such as a list; nil for none.
    var page: [String]?

    /// A sentence for the person.
    struct Note: Equatable, Sendable {
        let text: String
        let isFailure: Bool
    }
}

/// What a terminal shall show, and where its cursor stands.
struct Frame: Equatable, Sendable {
    let lines: [ScreenLine]
    let cursorRow: Int
    let cursorColumn: Int
}

/// Lays out the chat for a size of terminal.
struct ChatScreen {
    /// Columns for a text beside what stands before it, or that is left out.
    private static let leastRoom = 8

    let size: ScreenSize
    let moment: (Timestamp) -> Moment

    /// Rows for messages.
    var messageRows: Int { size.rows >= 4 ? size.rows - 3 : size.rows - 1 }

    /// The whole screen: as many lines as rows, none wider than the columns.
    func frame(_ view: ChatView) -> Frame {
        var lines: [ScreenLine] = []
        if size.rows >= 4 {
            lines.append(ScreenLine(heading(view), .reversed).padded(to: size.columns, .reversed))
        }
        lines += view.page.map { page($0, from: view.scroll) } ?? messages(view)
        if size.rows >= 4 { lines.append(status(view)) }
        let prompt = size.columns >= view.prompt.count + Self.leastRoom ? view.prompt : ""
        let window = view.editor.window(columns: size.columns - prompt.count)
        var input = ScreenLine(prompt, .bold)
        input.add(window.text)
        lines.append(input)
        return Frame(
            lines: lines.map { $0.clipped(to: size.columns) },
            cursorRow: lines.count - 1,
            cursorColumn: min(prompt.count + window.cursor, size.columns - 1)
        )
    }

    /// The lines of the screen that some of the items take; the last one follows the one before.
    func height(of count: Int, _ log: ChatLog) -> Int {
        let maker = ChatLines(log: log, columns: size.columns, moment: moment)
        return log.items.indices.suffix(count).reduce(0) { sum, index in
            let previous = index > 0 ? log.items[index - 1] : nil
            return sum + maker.lines(of: log.items[index], after: previous).count
        }
    }

    /// How far back it can be scrolled.
    func scrollLimit(_ log: ChatLog) -> Int {
        max(0, height(of: log.items.count, log) + 1 - messageRows)
    }

    private func messages(_ view: ChatView) -> [ScreenLine] {
        let rows = messageRows
        let maker = ChatLines(log: view.log, columns: size.columns, moment: moment)
        let items = view.log.items
        // From the newest back, until the rows are full: a long history costs nothing.
        var found: [ScreenLine] = []
        var index = items.count
        while index > 0, found.count < rows + view.scroll {
            index -= 1
            let previous = index > 0 ? items[index - 1] : nil
            found.append(contentsOf: maker.lines(of: items[index], after: previous).reversed())
        }
        if index == 0, found.count < rows + view.scroll {
            let start =
                view.log.hasMore ? "-- older entries: phi-ledger history --" : "-- the beginning --"
            found.append(ScreenLine(start, .faint))
        }
        let shown = found.dropFirst(view.scroll).prefix(rows).reversed()
        return [ScreenLine](repeating: ScreenLine(), count: rows - shown.count) + shown
    }

    private func page(_ lines: [String], from start: Int) -> [ScreenLine] {
        let shown = lines.dropFirst(start).prefix(messageRows).map { ScreenLine(SafeText.line($0)) }
        return shown + [ScreenLine](repeating: ScreenLine(), count: messageRows - shown.count)
    }

    private func heading(_ view: ChatView) -> String { " " + SafeText.line(view.heading) }

    private func status(_ view: ChatView) -> ScreenLine {
        if let note = view.note {
            return ScreenLine(" " + SafeText.line(note.text), note.isFailure ? .red : .yellow)
        }
        var line = ScreenLine(" " + SafeText.line(view.connection), .faint)
        if view.scroll > 0 { line.add("  scrolled back; Page Down returns", .yellow) }
        if let last = view.log.items.last(where: { $0.author == view.log.me && $0.isMessage }) {
            let depth = last.depth > 0 ? ", depth \(last.depth)" : ""
            line.add("  your last message: \(last.step.word)\(depth)", .faint)
        }
        return line
    }
}

extension ChatItem {
    /// Whether somebody says something, as opposed to something that happened.
    var isMessage: Bool {
        switch body {
        case .said, .reply, .correction: true
        case .reaction, .notice, .named: false
        }
    }
}
