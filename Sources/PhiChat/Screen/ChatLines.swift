import PhiAPI
import PhiCrypto
import PhiLedger

/// A moment as people read it.
struct Moment: Equatable, Sendable {
    /// The day, such as 2026-11-22.
    let day: String
    /// The time of day, such as 09:30.
    let time: String
}

/// Makes lines of the screen out of lines of the chat.
///
/// What somebody said never starts in the first columns: these hold time, mark and name, so no
/// message can look like another one.
struct ChatLines {
    /// Letters of a quoted text at most.
    private static let quoteLimit = 40
    /// Columns before a text at most, so that long names leave it room.
    private static let indentLimit = 24
    /// Columns that a text needs beside a name, or it begins below.
    private static let leastRoom = 8
    /// Lines of the screen for one message at most; the rest is said to be left out.
    static let heightLimit = 400

    let log: ChatLog
    let columns: Int
    let moment: (Timestamp) -> Moment

    /// The lines of an item, with the day before it where that changed.
    func lines(of item: ChatItem, after previous: ChatItem?) -> [ScreenLine] {
        let now = moment(item.time)
        var lines: [ScreenLine] = []
        if previous.map({ moment($0.time).day != now.day }) ?? true {
            lines.append(ScreenLine("-- \(now.day) --", .faint))
        }
        lines.append(contentsOf: itemLines(item, at: now.time))
        return lines
    }

    private func itemLines(_ item: ChatItem, at time: String) -> [ScreenLine] {
        let (rows, isSaid) = said(item)
        let front = front(of: item, at: time, isSaid: isSaid)
        let indent = min(front.width, Self.indentLimit, max(0, columns / 2))
        let blanks = String(repeating: " ", count: indent)
        var pieces: [ScreenLine] = []
        // The first row shares its line with the name, where there is room.
        let room = columns - front.width
        let isShared = room >= Self.leastRoom
        for (number, row) in rows.enumerated() where pieces.count < Self.heightLimit {
            let first = number == 0 && isShared ? room : columns - indent
            let found = TextWrap.lines(row, columns: columns - indent, first: first)
            pieces += found.map { ScreenLine($0, isSaid ? .plain : .yellow) }
        }
        if pieces.count > Self.heightLimit {
            pieces =
                pieces.prefix(Self.heightLimit - 1)
                + [ScreenLine("[the rest is too long for this screen]", .faint)]
        }
        if case .refused(let reason) = item.step {
            pieces += TextWrap.lines(
                "not sent: " + SafeText.line(reason),
                columns: columns - indent
            )
            .map { ScreenLine($0, .red) }
        }
        var lines = isShared ? [] : [front]
        for piece in pieces {
            var line = lines.isEmpty ? front : ScreenLine(blanks)
            for part in piece.parts { line.add(part.text, part.style) }
            lines.append(line)
        }
        return lines
    }

    /// Time, mark, host's sign and name.
    private func front(of item: ChatItem, at time: String, isSaid: Bool) -> ScreenLine {
        var front = ScreenLine(time + " ", .faint)
        front.add(String(item.step.mark), style(of: item.step))
        front.add(item.author == log.host ? "@" : " ", .yellow)
        front.add(log.name(of: item.author), item.author == log.me ? .green : .cyan)
        front.add(isSaid ? ": " : " ")
        return front
    }

    /// The rows that an item says, and whether it is a message.
    private func said(_ item: ChatItem) -> ([String], isSaid: Bool) {
        switch item.body {
        case .said(let text): (SafeText.lines(text), true)
        case .reply(let entry, let text):
            (["> \(quote(entry))"] + SafeText.lines(text), true)
        case .reaction(let entry, let text):
            (["\(SafeText.line(text)) on \(quote(entry))"], false)
        case .correction(let entry, let text):
            if log[.entry(entry)].map({ $0.author == item.author }) ?? true {
                (["corrects \(quote(entry)):"] + SafeText.lines(text), true)
            } else {
                (SafeText.lines(text), true)
            }
        case .notice(let text): (["-- " + text], false)
        case .named(let name): (["-- is called \(SafeText.name(name))"], false)
        }
    }

    private func quote(_ entry: Digest) -> String {
        guard let item = log[.entry(entry)] else { return "an entry further up" }
        let text: String =
            switch item.body {
            case .said(let text), .reply(_, let text), .correction(_, let text): text
            case .reaction(_, let text), .notice(let text), .named(let text): text
            }
        let line = SafeText.line(text)
        let short =
            line.count > Self.quoteLimit ? line.prefix(Self.quoteLimit - 1) + "…" : line[...]
        return "\(log.name(of: item.author)): “\(short)”"
    }

    private func style(of step: ChatStep) -> ScreenLine.Style {
        switch step {
        case .refused, .ladder(.expired), .ladder(.returned): .red
        case .ladder(.settled), .ladder(.deep): .green
        case .ladder(.recorded): .plain
        default: .yellow
        }
    }
}
