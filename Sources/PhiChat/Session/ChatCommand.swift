/// What a line says that begins with a slash.
enum ChatCommand: Equatable, Sendable {
    /// Explains marks, keys and commands.
    case help
    /// Lists who is in the meeting.
    case members
    /// Changes the own name.
    case name(String)
    /// Saves the receipt of a message, counted from the newest.
    case receipt(Int)
    /// Signs the minutes.
    case approve
    /// Ends the chat.
    case quit
    /// Says a text that begins with a slash.
    case say(String)
    /// Is no command, for the reason given.
    case wrong(String)

    /// Reads a line.
    init(_ line: String) {
        guard line.hasPrefix("/") else {
            self = .say(line)
            return
        }
        guard !line.hasPrefix("//") else {
            self = .say(String(line.dropFirst()))
            return
        }
        let parts = line.dropFirst().split(separator: " ", maxSplits: 1)
        let word = parts.first.map(String.init) ?? ""
        let rest = parts.count > 1 ? parts[1].trimming(while: \.isWhitespace) : ""
        switch word {
        case "help", "?": self = .help
        case "members", "who": self = .members
        case "quit", "exit", "q": self = .quit
        case "approve": self = .approve
        case "name", "nick":
            self = rest.isEmpty ? .wrong("Give the name too: /name Ada") : .name(rest)
        case "receipt":
            guard let number = rest.isEmpty ? 1 : Int(rest), number > 0, number < 1_000_000 else {
                self = .wrong("Count messages from the newest: /receipt 1")
                return
            }
            self = .receipt(number)
        default:
            self = .wrong(
                "There is no command /\(SafeText.line(String(word.prefix(20)))); /help lists them, "
                    + "// begins a message with a slash."
            )
        }
    }

    /// What there is, for a person.
    static let guide = [
        "Marks: " + ChatStep.legend,
        "@ before a name is the host. Marks of others are those of this node.",
        "/members  who is here      /name NAME  your name     /quit  leave (Ctrl-D)",
        "/receipt N  save the receipt of the Nth message from below (1 is the newest)",
        "/approve  sign the minutes of a meeting that has ended",
        "Alt-Enter  a new line      Page Up, Page Down  scroll      Ctrl-L  paint anew",
    ]
}

extension Substring {
    fileprivate func trimming(while isTrimmed: (Character) -> Bool) -> String {
        var rest = drop(while: isTrimmed)
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return String(rest)
    }
}
