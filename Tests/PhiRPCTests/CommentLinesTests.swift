import Testing

@testable import PhiRPC

@Suite("Lines of comment") struct CommentLinesTests {
    private func blanked(_ text: String) -> String {
        String(decoding: CommentLines.blanked(Array(text.utf8)), as: UTF8.self)
    }

    @Test(
        "are emptied",
        arguments: [
            ("// a\nb\n", "\nb\n"), ("  // a\n  b", "\nb"), ("/* a */\nb", "\nb"),
            ("/**\n * a\n */\nb", "\n\n\nb"), ("  /* a\nb */\nc", "\n\nc"), ("//", ""),
            ("/*\n// a */\nb", "\n\nb"), ("/*/\na */\nb", "\n\nb"), ("\t// a\r\nb", "\nb"),
            ("/* a\nb */ c\nd", "\nc\nd"), ("/* a", ""),
        ]
    )
    func emptied(text: String, expected: String) { #expect(blanked(text) == expected) }

    @Test(
        "are shown without the indentation of code",
        arguments: [
            ("  a {\n\tb\n}", "a {\nb\n}"), ("a = `\n  b` +\n  c", "a = `\n  b` +\nc"),
            ("   \n", "\n"),
        ]
    )
    func indented(text: String, expected: String) { #expect(blanked(text) == expected) }

    @Test(
        "are not what only looks like them",
        arguments: [
            "", "\n", "a // b", "a /* b */", "/* a */ b", "const a = `\n// b\n`;\nc",
            "const a = `\n/* b\n`;\nc */", "a; /* b\n// c */\nd", "'//';", "/a/.test(b)", "* a",
        ]
    )
    func kept(text: String) { #expect(blanked(text) == text) }
}
