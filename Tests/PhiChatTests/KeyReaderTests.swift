import Testing

@testable import PhiChat

@Suite("The keys of a terminal") struct KeyReaderTests {
    private func keys(_ text: String) -> [Key] {
        var reader = KeyReader()
        return reader.take(text.utf8)
    }

    static let sequences: [(String, Key)] = [
        ("\r", .enter), ("\n", .enter), ("\u{1b}\r", .newLine), ("\u{7f}", .backspace),
        ("\u{8}", .backspace), ("\u{1b}[3~", .delete), ("\u{1b}[A", .up), ("\u{1b}OB", .down),
        ("\u{1b}[C", .right), ("\u{1b}[D", .left), ("\u{1b}[1;5C", .wordRight),
        ("\u{1b}[1;3D", .wordLeft), ("\u{1b}b", .wordLeft), ("\u{1b}f", .wordRight),
        ("\u{1b}[H", .home), ("\u{1b}OF", .end), ("\u{1b}[1~", .home), ("\u{1b}[4~", .end),
        ("\u{1}", .home), ("\u{5}", .end), ("\u{17}", .deleteWord), ("\u{1b}\u{7f}", .deleteWord),
        ("\u{1b}d", .deleteNextWord), ("\u{15}", .deleteToStart), ("\u{b}", .deleteToEnd),
        ("\u{1b}[5~", .pageUp), ("\u{1b}[6~", .pageDown), ("\u{3}", .interrupt),
        ("\u{4}", .endOfInput), ("\u{1a}", .suspend), ("\u{c}", .redraw), ("é", .text("é")),
        ("字", .text("字")), ("😀", .text("😀")),
        ("\u{1b}[200~a\u{1b}[Ab\u{1b}[201~", .paste("a\u{1b}[Ab", byteCount: 5)),
    ]

    @Test("are known by what terminals send", arguments: sequences)
    func known(sequence: (String, Key)) { #expect(keys(sequence.0) == [sequence.1]) }

    @Test("are the same when the bytes come one by one", arguments: sequences)
    func parts(sequence: (String, Key)) {
        var reader = KeyReader()
        #expect(sequence.0.utf8.flatMap { reader.take([$0]) } == [sequence.1])
    }

    @Test(
        "that nobody knows are dropped whole",
        arguments: ["\u{1b}[99~", "\u{1b}[M", "\u{1b}[?1;2c", "\u{1b}Oq", "\u{1b}[[A", "\u{1b}x"]
    )
    func unknown(sequence: String) { #expect(keys(sequence + "y") == [.text("y")]) }

    @Test("with endless numbers are dropped whole")
    func endless() {
        #expect(
            keys("\u{1b}[" + String(repeating: "1", count: 100_000) + "Ay") == [.up, .text("y")]
        )
    }

    @Test("are told apart from an escape alone by a pause")
    func escape() {
        var reader = KeyReader()
        #expect(reader.take([0x1b]).isEmpty)
        #expect(reader.isWaiting)
        #expect(reader.pause() == .escape)
        #expect(reader.pause() == nil)
        #expect(reader.take(Array("[A".utf8)) == [.text("[A")])
    }

    @Test("that are cut off letters show it and lose nothing after them")
    func cutLetters() {
        var reader = KeyReader()
        #expect(reader.take([0xe5, 0x61]) == [.text("\u{FFFD}a")])
        #expect(reader.take([0xff, 0x80, 0x61]) == [.text("\u{FFFD}\u{FFFD}a")])
        #expect(reader.take([0xe5, 0x0d]) == [.enter])
    }

    @Test("of one paste are counted where they are not kept")
    func longPaste() {
        let count = KeyReader.pasteLimit + 5
        let text = "\u{1b}[200~" + String(repeating: "a", count: count) + "\u{1b}[201~"
        guard case .paste(let kept, count)? = keys(text).first else {
            Issue.record("no paste")
            return
        }
        #expect(kept.utf8.count == KeyReader.pasteLimit)
    }

    @Test("that begin the end of a paste and do not end it are pasted")
    func falseEnd() {
        let text = "\u{1b}[20\u{1b}\u{1b}[201"
        #expect(
            keys("\u{1b}[200~" + text + "x\u{1b}[201~") == [
                .paste(text + "x", byteCount: text.utf8.count + 1)
            ]
        )
    }
}
