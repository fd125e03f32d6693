/// What a person did at the keyboard.
enum Key: Equatable, Sendable {
    /// Letters that were typed.
    case text(String)
    /// A text that was pasted in one piece; of a very long one only the start, with its true length.
    case paste(String, byteCount: Int)
    /// The end of a line.
    case enter
    /// A line end inside of the message.
    case newLine
    /// One letter back.
    case backspace
    /// One letter forward.
    case delete
    /// The word before the cursor.
    case deleteWord
    /// The word after the cursor.
    case deleteNextWord
    /// All before the cursor.
    case deleteToStart
    /// All after the cursor.
    case deleteToEnd
    /// One letter to the left.
    case left
    /// One letter to the right.
    case right
    /// One word to the left.
    case wordLeft
    /// One word to the right.
    case wordRight
    /// The start of the line.
    case home
    /// The end of the line.
    case end
    /// The line before, in what was written earlier.
    case up
    /// The line after, in what was written earlier.
    case down
    /// A page back in the meeting.
    case pageUp
    /// A page forward in the meeting.
    case pageDown
    /// Ctrl-C.
    case interrupt
    /// Ctrl-D.
    case endOfInput
    /// Ctrl-Z.
    case suspend
    /// Ctrl-L.
    case redraw
    /// The escape key alone.
    case escape
}
