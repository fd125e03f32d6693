import Testing

@testable import PhiChat

@Suite("The line that is being written") struct LineEditorTests {
    private func editor(_ text: String = "", limit: Int = 100) -> LineEditor {
        var editor = LineEditor(byteLimit: limit)
        if !text.isEmpty { _ = editor.handle(.text(text)) }
        return editor
    }

    private func press(_ editor: inout LineEditor, _ keys: Key...) {
        for key in keys { _ = editor.handle(key) }
    }

    @Test("takes letters where the cursor is")
    func insertion() {
        var line = editor("held")
        press(&line, .home, .right, .delete, .text("o"))
        #expect(line.text == "hold")
        #expect(line.cursor == 2)
    }

    @Test("stays whole at both ends", arguments: [Key.backspace, .left, .wordLeft, .deleteWord])
    func start(key: Key) {
        var line = editor("ab")
        press(&line, .home, key)
        #expect(line.text == "ab")
        #expect(line.cursor == 0)
    }

    @Test("stays whole at its end", arguments: [Key.delete, .right, .wordRight, .deleteNextWord])
    func end(key: Key) {
        var line = editor("ab")
        press(&line, key)
        #expect(line.text == "ab")
        #expect(line.cursor == 2)
    }

    @Test("goes and deletes by words")
    func words() {
        var line = editor("one two, three")
        press(&line, .wordLeft)
        #expect(line.cursor == 9)
        press(&line, .deleteWord)
        #expect(line.text == "one three")
        press(&line, .home, .deleteNextWord)
        #expect(line.text == " three")
        press(&line, .end, .deleteToStart)
        #expect(line.text.isEmpty)
        #expect(line.handle(.enter) == .edited)
    }

    @Test("treats a letter of several parts as one", arguments: ["é", "e\u{301}", "👩‍👩‍👧", "🇩🇪", "字"])
    func clusters(letter: String) {
        var line = editor("a" + letter + "b")
        #expect(line.letters.count == 3)
        press(&line, .left, .backspace)
        #expect(line.text == "ab")
        #expect(line.cursor == 1)
    }

    @Test("joins a mark that is typed after its letter")
    func marks() {
        var line = editor("xe")
        press(&line, .text("\u{301}"), .text("y"))
        #expect(line.letters.count == 3)
        press(&line, .backspace, .backspace)
        #expect(line.text == "x")
    }

    @Test("is as long as a message may be, and no longer")
    func limit() {
        var line = editor("12345678", limit: 10)
        #expect(line.handle(.text("é")) == .edited)
        #expect(line.handle(.text("x")) == .tooLong(limit: 10, found: 11))
        #expect(line.text == "12345678é")
        press(&line, .backspace)
        #expect(line.handle(.paste("xy", byteCount: 2)) == .edited)
        #expect(line.handle(.paste("x", byteCount: 1)) == .tooLong(limit: 10, found: 11))
        #expect(line.handle(.paste("", byteCount: .max)) != .edited)
        #expect(line.text == "12345678xy")
    }

    @Test("keeps the lines of a paste, without those at its end")
    func pastedLines() {
        var line = editor()
        press(&line, .paste("a\r\nb\rc\n\n", byteCount: 9))
        #expect(line.text == "a\nb\nc")
        press(&line, .newLine, .text("d"))
        #expect(line.handle(.enter) == .finished("a\nb\nc\nd"))
        #expect(line.text.isEmpty)
    }

    @Test("remembers what was written, and what is being written")
    func history() {
        var line = editor("first")
        press(&line, .enter, .text("second"), .enter, .text("draft"), .up, .up)
        #expect(line.text == "first")
        press(&line, .up, .down)
        #expect(line.text == "second")
        press(&line, .down)
        #expect(line.text == "draft")
        press(&line, .down)
        #expect(line.text == "draft")
    }

    @Test("remembers so many lines and no more")
    func historyLimit() {
        var line = editor()
        for number in 0...LineEditor.historyLimit { press(&line, .text("\(number)"), .enter) }
        for _ in 0...LineEditor.historyLimit { press(&line, .up) }
        #expect(line.text == "1")
    }

    @Test("ends the input only where nothing is written")
    func endOfInput() {
        var line = editor("ab")
        press(&line, .home)
        #expect(line.handle(.endOfInput) == .edited)
        #expect(line.text == "b")
        press(&line, .endOfInput)
        #expect(line.handle(.endOfInput) == .unhandled(.endOfInput))
    }

    @Test("shows the part around the cursor", arguments: [1, 2, 3, 5, 9, 10, 11, 40])
    func window(columns: Int) {
        var line = editor("一二三四五六七八")
        for _ in 0...line.letters.count {
            let window = line.window(columns: columns)
            #expect(TextWidth.of(window.text) <= columns)
            #expect(window.cursor < columns)
            press(&line, .left)
        }
    }

    @Test("shows what a person pasted without its power")
    func safeWindow() {
        var line = editor()
        let text = "a\u{1b}[2Jb\u{202e}c\nd"
        press(&line, .paste(text, byteCount: text.utf8.count))
        #expect(line.window(columns: 40).text == "a\u{FFFD}[2Jb\u{FFFD}c↵d")
    }
}
