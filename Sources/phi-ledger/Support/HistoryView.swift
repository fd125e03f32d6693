import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// Prints entries of a meeting one after another.
struct HistoryView {
    let console: Console

    /// Prints an entry.
    func show(_ entry: ReadEntry) {
        console.emit(Self.json(entry), text(entry))
    }

    /// The entry's document, with what was sealed opened.
    static func json(_ read: ReadEntry) -> JSON {
        let content: JSON
        let reading: String
        switch read.reading {
        case .message(let message):
            var writer = JSONWriter()
            EntryContentDocument.message(message).write(to: &writer)
            content = (try? JSON(parsing: writer.bytes)) ?? .null
            reading = "message"
        case .sealed: (content, reading) = (.null, "sealed")
        case .unreadable: (content, reading) = (.null, "unreadable")
        case .control:
            return JSON(read.document).merging([("reading", .string("control"))])
        }
        return JSON(read.document).merging([
            ("content", content), ("reading", .string(reading)),
        ])
    }

    private func text(_ read: ReadEntry) -> String {
        let entry = read.document.entry
        let time = console.styled(Wording.time(entry.authorTime), .faint)
        let author = console.styled(Wording.short(entry.author), .cyan)
        let step = read.document.status.map { "  [\($0.status.rawValue)]" } ?? ""
        return "\(time)  \(author)  \(said(read))\(console.styled(step, .faint))"
    }

    private func said(_ read: ReadEntry) -> String {
        let kind = read.document.entry.kind.name
        switch read.reading {
        case .control: return console.styled("* \(kind)", .yellow)
        case .unreadable: return console.styled("* unreadable", .yellow)
        case .sealed(let epoch):
            return console.styled("* sealed in epoch \(epoch), whose secret you lack", .yellow)
        case .message(let content): return said(content)
        }
    }

    private func said(_ content: MessageContent) -> String {
        switch content {
        case .text(let text): Wording.safe(text)
        case .reply(let entry, let text): "> \(Wording.short(entry)) \(Wording.safe(text))"
        case .reaction(let entry, let text): "\(Wording.safe(text)) on \(Wording.short(entry))"
        case .correction(let entry, let text):
            "\(Wording.safe(text)) (instead of \(Wording.short(entry)))"
        case .filePart(let bytes): console.styled("* part of a file, \(bytes.count) bytes", .yellow)
        case .profile(let profile): console.styled("* is \(Wording.safe(profile.name))", .yellow)
        case .epoch(let delivery): console.styled("* epoch \(delivery.epoch)", .yellow)
        }
    }
}
