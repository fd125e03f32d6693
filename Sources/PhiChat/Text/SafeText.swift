/// Makes text that others wrote harmless for a terminal and for those who read it.
///
/// Control characters could move the cursor or rewrite what stands there, marks of writing direction
/// could turn a line around, and invisible letters could make two names look like one.
public enum SafeText {
    /// What stands for a character that is not shown.
    public static let replacement: Unicode.Scalar = "\u{FFFD}"
    /// What is shown for an author who has no name.
    public static let nameless = "nameless"

    /// Marks on one letter at most: more would paint over other lines.
    private static let markLimit = 4
    private static let nameMarkLimit = 2
    /// Letters of a shown name at most.
    private static let nameLimit = 40
    /// Signs by which the screen tells who is the host and what is told by the program.
    private static let signs: Set<Unicode.Scalar> = ["@", "*", "-", "#", ">"]

    /// A text on one line: what ends a line becomes a blank.
    public static func line(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var marks = 0
        for scalar in text.unicodeScalars {
            switch Kind(scalar) {
            case .shown: result.append(scalar)
            case .blank, .lineEnd: result.append(" ")
            case .hidden: continue
            case .forbidden: result.append(replacement)
            case .mark:
                marks += 1
                if marks <= markLimit, !result.isEmpty { result.append(scalar) }
                continue
            }
            marks = 0
        }
        return String(result)
    }

    /// A text with its lines, each of them safe; there is always one.
    public static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
            .map { line(String($0)) }
    }

    /// A name that others chose: visible letters only, short, and never empty.
    public static func name(_ name: String) -> String {
        var result = String.UnicodeScalarView()
        var marks = 0
        for scalar in name.unicodeScalars {
            switch Kind(scalar) {
            case .shown: result.append(scalar)
            case .blank, .lineEnd:
                if result.last != " ", !result.isEmpty { result.append(" ") }
            case .hidden, .forbidden: continue
            case .mark:
                marks += 1
                if marks <= nameMarkLimit, !result.isEmpty { result.append(scalar) }
                continue
            }
            marks = 0
        }
        var letters = Array(String(result).drop { $0.unicodeScalars.allSatisfy(isSign) })
        while letters.last == " " { letters.removeLast() }
        guard !letters.isEmpty else { return nameless }
        guard letters.count > nameLimit else { return String(letters) }
        return String(letters.prefix(nameLimit - 1)) + "…"
    }

    /// What two names have in common that look alike: for a warning, never for a decision.
    public static func likeness(_ name: String) -> String {
        let letters = name.lowercased().unicodeScalars.filter {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        return String(String.UnicodeScalarView(letters.map { lookalikes[$0] ?? $0 }))
    }

    /// Letters and digits of other scripts that are drawn like small Latin letters.
    private static let lookalikes: [Unicode.Scalar: Unicode.Scalar] = {
        let alike = Array("аеорсухіјѕԁԛԝαορνικ01".unicodeScalars)
        let latin = Array("aeopcyxijsdqwaopvikol".unicodeScalars)
        return Dictionary(zip(alike, latin)) { first, _ in first }
    }()

    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || signs.contains(scalar)
    }
}

extension SafeText {
    /// What a character is for a terminal.
    enum Kind {
        /// It stands on its own.
        case shown
        /// It is space, of whatever width.
        case blank
        /// It ends a line.
        case lineEnd
        /// It cannot be seen, and changes how others are joined only.
        case hidden
        /// It would do something to the terminal or to the direction of writing.
        case forbidden
        /// It is drawn on the letter before.
        case mark

        /// The kind of a scalar value.
        init(_ scalar: Unicode.Scalar) {
            let value = scalar.value
            if (0x20..<0x7F).contains(value) {
                self = value == 0x20 ? .blank : .shown
                return
            }
            if Self.isHidden(value) {
                self = .hidden
                return
            }
            switch scalar.properties.generalCategory {
            case .control where value == 0x09: self = .blank
            case .control where (0x0A...0x0D).contains(value) || value == 0x85: self = .lineEnd
            case .lineSeparator, .paragraphSeparator: self = .lineEnd
            case .control, .format, .surrogate, .privateUse, .unassigned: self = .forbidden
            case .spaceSeparator: self = .blank
            case .nonspacingMark, .enclosingMark: self = .mark
            default: self = Self.blanks.contains(value) ? .blank : .shown
            }
        }

        /// Letters that are drawn as nothing at all.
        private static let blanks: Set<UInt32> = [0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0]

        /// Joiners, selectors of variants, soft hyphens and tones of skin.
        private static func isHidden(_ value: UInt32) -> Bool {
            switch value {
            case 0xAD, 0x34F, 0x17B4...0x17B5, 0x180B...0x180F, 0x200B...0x200D, 0x2060...0x2064,
                0xFE00...0xFE0F, 0xFEFF, 0x1F3FB...0x1F3FF, 0xE0100...0xE01EF:
                true
            default: false
            }
        }
    }
}
