/// Code without indentation and the lines that are only a comment, so that people load less.
///
/// The lines stay, empty, so that a line of the served code is the same line in the repository.
/// Only whole lines are judged: `//…`, and from a line that begins with `/*` to one that ends with
/// `*/`. What stands beside code stays, and so does what looks like a comment in a text of several
/// lines.
struct CommentLines {
    private var isComment = false
    private var isText = false

    /// The code without indentation, its lines of comment empty.
    static func blanked(_ code: [UInt8]) -> [UInt8] {
        var state = CommentLines()
        let lines = code.split(separator: newline, omittingEmptySubsequences: false)
        return Array(lines.map { state.kept($0) }.joined(separator: [newline]))
    }

    /// What is kept of the next line.
    private mutating func kept(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let words = Self.trimmed(line)
        if isComment {
            guard let end = words.firstRange(of: Self.close) else { return [] }
            isComment = false
            let rest = words[end.upperBound...]
            return rest.isEmpty ? [] : code(rest)
        }
        guard !isText else { return code(line) }
        if words.starts(with: Self.line), words.firstRange(of: Self.close) == nil { return [] }
        if words.starts(with: Self.open) {
            let end = words.dropFirst(Self.open.count).firstRange(of: Self.close)
            isComment = end == nil
            if end == nil || end?.upperBound == words.endIndex { return [] }
        }
        return code(line)
    }

    private mutating func code(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let shown = isText ? line : line.drop { Self.blank.contains($0) }
        if line.count(where: { $0 == Self.backtick }) % 2 == 1 { isText.toggle() }
        return shown
    }

    private static let blank: [UInt8] = [0x20, 0x09, 0x0D]
    private static let newline = UInt8(ascii: "\n")
    private static let backtick = UInt8(ascii: "`")
    private static let line = Array("//".utf8)
    private static let open = Array("/*".utf8)
    private static let close = Array("*/".utf8)

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = line.firstIndex(where: { !blank.contains($0) }),
            let last = line.lastIndex(where: { !blank.contains($0) })
        else { return [] }
        return line[first...last]
    }
}
