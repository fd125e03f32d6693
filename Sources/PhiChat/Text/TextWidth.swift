/// How many columns of a terminal a text takes.
///
/// Only texts that ``SafeText`` made are measured, so no joiner makes one sign of several.
enum TextWidth {
    /// The columns of a text.
    static func of(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// The columns of a scalar value: 0, 1 or 2.
    static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        guard value >= 0x300 else { return value < 0x20 || (0x7F..<0xA0).contains(value) ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
        // Two letters for regions make one flag, of the width of both.
        if (0x1F1E6...0x1F1FF).contains(value) { return 1 }
        return scalar.properties.isEmojiPresentation || isWide(value) ? 2 : 1
    }

    /// As much of a text as fits into so many columns.
    static func clipped(_ text: String, to columns: Int) -> String {
        var result = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            used += of(scalar)
            guard used <= columns else { break }
            result.append(scalar)
        }
        return String(result)
    }

    /// The blocks of East Asian signs that take two columns, first and last.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x303E,
        0x3041...0x33FF, 0x3400...0x4DBF, 0x4DC0...0x4DFF, 0x4E00...0xA4CF, 0xA960...0xA97C,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1D300...0x1D376,
        0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]

    private static func isWide(_ value: UInt32) -> Bool { wide.contains { $0.contains(value) } }
}
