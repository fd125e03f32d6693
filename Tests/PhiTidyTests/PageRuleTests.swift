import Testing

/// Each rule is seen failing on a sample that breaks it, and passing on its neighbor that does not.
@Suite("A rule of the page") struct PageRuleTests {
    private func messages(_ text: String, at path: String = "ui/sample.js") -> [String] {
        PageRules.violations(PageRules.folder + path, text).map(\.message)
    }

    @Test("refuses what is longer than its limit") func length() {
        let limit = SizeRules.fileLimit
        #expect(messages(String(repeating: "//\n", count: limit)).isEmpty)
        #expect(messages(String(repeating: "//\n", count: limit + 1)).count == 1)
    }

    @Test(
        "refuses what makes markup or code out of a text",
        arguments: [
            "place.innerHTML = text;", "eval(text);", "new Function(text)",
            "box.setAttribute('style', text);", "a.href = `javascript:${text}`;",
        ]
    )
    func dangers(code: String) {
        #expect(messages(code).count == 1)
    }

    @Test(
        "refuses another origin",
        arguments: ["import('https://example.org/a.js');", "fetch('http://127.0.0.1/');"]
    )
    func origins(code: String) {
        #expect(messages(code) == ["names another origin"])
    }

    @Test(
        "lets pass what only looks like it",
        arguments: [
            "place.textContent = text;", "const SVG = 'http://www.w3.org/2000/svg';",
            "hint: 'https://…/m/…',", "field.style.height = 'auto';", "const a = `${b}` + `c`;",
            "const found = /^https?:/.test(text);",
        ]
    )
    func harmless(code: String) {
        #expect(messages(code).isEmpty)
    }

    @Test(
        "refuses inline parts of an HTML file",
        arguments: [
            "<script>run()</script>", "<style>p {}</style>", "<p style=\"color:red\">",
            "<p onclick=\"run()\">", "<script src=\"//example.org/a.js\"></script>",
        ]
    )
    func inline(code: String) {
        #expect(!messages(code, at: "sample.html").isEmpty)
        #expect(messages("<script src=\"/page/app.js\"></script>", at: "sample.html").isEmpty)
    }

    @Test("refuses a text of several lines") func texts() {
        #expect(messages("const a = `b").count == 1)
    }
}
