import Testing

@testable import PhiChat

@Suite("A text that others wrote") struct SafeTextTests {
    /// All scalar values that could do something to a terminal or to the direction of writing.
    private static let dangerous: [Unicode.Scalar] = (0...0x10FFFF).compactMap {
        Unicode.Scalar(UInt32($0))
    }
    .filter { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: true
        default: scalar.properties.isVariationSelector
        }
    }

    @Test("has no power over a terminal, whatever is in it")
    func inert() {
        for scalar in Self.dangerous {
            let text = "a\(scalar)b"
            for shown in [SafeText.line(text), SafeText.name(text)] + SafeText.lines(text) {
                #expect(
                    !shown.unicodeScalars.contains(scalar),
                    "U+\(String(scalar.value, radix: 16))"
                )
                #expect(
                    shown.unicodeScalars.allSatisfy {
                        $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
                    }
                )
            }
        }
    }

    @Test(
        "keeps its letters",
        arguments: ["Grüße, ça va?", "日本語", "שלום", "مرحبا", "नमस्ते", "😀 ok", "a–b “c”"]
    )
    func letters(text: String) {
        #expect(SafeText.line(text).replacing("\u{200d}", with: "") == text)
    }

    @Test("shows where something was taken out")
    func replaced() {
        #expect(SafeText.line("\u{1b}[31mred") == "\u{FFFD}[31mred")
        #expect(SafeText.line("a\u{202e}b\tc\nd") == "a\u{FFFD}b c d")
        #expect(SafeText.line("a\u{200b}b\u{ad}c") == "abc")
    }

    @Test("has as many lines as were written")
    func lines() {
        #expect(SafeText.lines("a\nb\r\nc\rd\n") == ["a", "b", "c", "d", ""])
        #expect(SafeText.lines("") == [""])
    }

    @Test("is not painted over by marks")
    func marks() {
        let flood = "a" + String(repeating: "\u{301}", count: 500) + "b"
        #expect(SafeText.line(flood).unicodeScalars.count == 6)
        #expect(SafeText.name(flood).unicodeScalars.count == 4)
        #expect(SafeText.line("\u{301}a") == "a")
    }

    @Test(
        "as a name is never empty",
        arguments: ["", " ", "\u{200b}", "\u{3164}", "\u{202e}\u{1b}", "@", " @ * ", "\u{301}"]
    )
    func nameless(name: String) { #expect(SafeText.name(name) == SafeText.nameless) }

    @Test("as a name does not take the host's sign, and stays short")
    func names() {
        #expect(SafeText.name("@Ada") == "Ada")
        #expect(SafeText.name("  Ada \n B ") == "Ada B")
        #expect(SafeText.name(String(repeating: "x", count: 40)).count == 40)
        #expect(SafeText.name(String(repeating: "x", count: 41)).count == 40)
    }

    @Test("looks like another whose letters are drawn alike")
    func likeness() {
        #expect(SafeText.likeness("Аdа") == SafeText.likeness("ada "))
        #expect(SafeText.likeness("b0b") == SafeText.likeness("Bob"))
        #expect(SafeText.likeness("Ada") != SafeText.likeness("Eda"))
    }

    @Test("takes the columns that terminals give it")
    func width() {
        #expect(TextWidth.of("abc") == 3)
        #expect(TextWidth.of("日本") == 4)
        #expect(TextWidth.of("e\u{301}") == 1)
        #expect(TextWidth.of("😀") == 2)
        #expect(TextWidth.of("한글") == 4)
        #expect(TextWidth.clipped("日本語", to: 5) == "日本")
        #expect(TextWidth.clipped("abc", to: 0).isEmpty)
    }

    @Test("breaks at blanks, and inside of words that are too long")
    func wrap() {
        #expect(TextWrap.lines("one two three", columns: 7) == ["one two", "three"])
        #expect(TextWrap.lines("abcdefgh", columns: 3) == ["abc", "def", "gh"])
        #expect(TextWrap.lines("a bcdefgh", columns: 5, first: 3) == ["a", "bcdef", "gh"])
        #expect(TextWrap.lines("", columns: 3) == [""])
        #expect(TextWrap.lines("日本語", columns: 1) == ["日", "本", "語"])
        for columns in 2...12 {
            for line in TextWrap.lines("ab 日本語 cdefghij  k", columns: columns) {
                #expect(TextWidth.of(line) <= columns)
            }
        }
    }
}
