/// Breaks a text into lines of a width.
enum TextWrap {
    /// Breaks a text at blanks, and inside of words that are longer than a line.
    ///
    /// - Parameters:
    ///   - text: A safe text without line ends.
    ///   - columns: The width; at least 2 are used, so that every sign fits.
    ///   - first: The width of the first line, where that is narrower.
    /// - Returns: The lines; one that is empty for an empty text.
    static func lines(_ text: String, columns: Int, first: Int? = nil) -> [String] {
        var width: Int { max(2, lines.isEmpty ? min(first ?? columns, columns) : columns) }
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var used = 0
        // Where the line could end: how much of it is kept.
        var lastBlank: String.UnicodeScalarView.Index?
        for scalar in text.unicodeScalars {
            let size = TextWidth.of(scalar)
            if used + size > width {
                if scalar == " " {
                    lines.append(String(line))
                    line = String.UnicodeScalarView()
                    used = 0
                    lastBlank = nil
                    continue
                }
                if let blank = lastBlank {
                    lines.append(String(line[..<blank]))
                    line = String.UnicodeScalarView(line[line.index(after: blank)...])
                } else {
                    lines.append(String(line))
                    line = String.UnicodeScalarView()
                }
                used = TextWidth.of(String(line))
                lastBlank = nil
            }
            if scalar == " " { lastBlank = line.endIndex }
            line.append(scalar)
            used += size
        }
        lines.append(String(line))
        return lines
    }
}
