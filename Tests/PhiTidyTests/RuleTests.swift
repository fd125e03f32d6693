import Testing

/// Each rule is seen failing on a sample that breaks it, and passing on its neighbor that does not.
@Suite("A rule of the core") struct CoreRuleTests {
    private func purity(_ code: String) -> Int {
        CoreRules.purity(SourceFile("Sources/PhiNode/Sample.swift", code)).count
    }

    @Test(
        "refuses a banned word",
        arguments: [
            "let now = Date()", "let clock = ContinuousClock()", "Task { }", "func f() async {}",
            "await f()", "actor Engine {}", "let share: Double = 1", "var share = Float(1)",
            "var chance = SystemRandomNumberGenerator()", "UInt8.random(in: 0...9)",
            "let lock = Mutex(0)", "\"text \\(Date())\"", "names.shuffled()",
        ]
    )
    func banned(code: String) {
        #expect(purity(code) == 1)
    }

    @Test(
        "lets pass what only looks like it",
        arguments: [
            "// an actor with Date() and Task", "/* Double */", "let text = \"async Date()\"",
            "let datum = update()", "UInt8.random(in: 0...9, using: &chance)", "let actors = 3",
            "let text = \"\"\"\n    await Double\n    \"\"\"", "let text = #\"Date() \\(Date())\"#",
        ]
    )
    func harmless(code: String) {
        #expect(purity(code) == 0)
    }

    @Test("reads the manifest's core") func manifest() {
        let manifest = Manifest(
            "pure(\"A\"),\n    pure(\n \"B\",\n uses: \"A\", \"C\"\n ),\n shell(\"D\")"
        )
        #expect(manifest.core == ["A": [], "B": ["A", "C"]])
    }

    @Test("refuses an import that the manifest does not give") func imports() {
        let manifest = Manifest("pure(\"PhiWire\", uses: \"PhiCrypto\"),")
        let code = "public import PhiCrypto\nimport Foundation\nimport struct NIO.ByteBuffer\n"
        let file = SourceFile("Sources/PhiWire/Sample.swift", code)
        #expect(CoreRules.imports(file, manifest).map(\.line) == [2, 3])
    }

    @Test(
        "refuses a walk over a hash table",
        arguments: [
            "let a: [Int: Int] = b\nfor (k, v) in a { f(k) }",
            "var a = Set(b)\nfor k in a where k > 1 {}",
            "var a: Set<Int>\nfor k in self.a {}",
            "var a: [Int: [Int]] = [:]\nfor v in a.values {}",
            "var a = [Int: Int]()\nlet b = a.keys.map { $0 + 1 }",
            "var a: Set<Int>\nlet b = Array(a)",
            "var a: Set<Int>\nlet b = a.first",
        ]
    )
    func walk(code: String) {
        let file = SourceFile("Sources/PhiNode/Sample.swift", code)
        #expect(OrderRules.walks(file, names: []).count == 1)
        #expect(OrderRules.walks(file, names: [], commutative: [file.path + " a"]).isEmpty)
    }

    @Test("refuses a walk over a table that another file declares") func elsewhere() {
        let file = SourceFile("Sources/PhiNode/Sample.swift", "for k in a {}")
        let own = SourceFile("Sources/PhiNode/Sample.swift", "func f(a: [Int]) { for k in a {} }")
        #expect(OrderRules.walks(file, names: ["a"]).count == 1)
        #expect(OrderRules.walks(own, names: ["a"]).isEmpty)
    }

    @Test(
        "lets pass a walk in order",
        arguments: [
            "var a: [Int: Int]\nfor k in a.keys.sorted() {}", "let a: [Int]\nfor k in a {}",
            "var a: Set<Int>\nlet b = a.map { $0 + 1 }.sorted()",
            "var a: Set<Int>\nfor k in b where a.contains(k) {}",
            "let a: [(key: Int, value: Int)]\nfor k in a {}",
        ]
    )
    func ordered(code: String) {
        #expect(
            OrderRules.walks(SourceFile("Sources/PhiNode/Sample.swift", code), names: []).isEmpty
        )
    }
}

@Suite("A rule of all code") struct CodeRuleTests {
    @Test("refuses a file of one line too many", arguments: [(400, 0), (401, 1)])
    func fileLength(count: Int, violations: Int) {
        let file = SourceFile("Sources/A/B.swift", String(repeating: "\n", count: count))
        #expect(SizeRules.file(file).count == violations)
    }

    @Test(
        "refuses a function of one line too many",
        arguments: [
            "func f()", "init?(a: [Int] = [{ 1 }()])", "subscript(a: Int) -> Int", "deinit",
        ]
    )
    func functionLength(head: String) {
        for (count, violations) in [(58, 0), (59, 1)] {
            let body = String(repeating: "    f()\n", count: count)
            let code = "struct S {\n\(head) {\n\(body)}\n}\n"
            #expect(SizeRules.functions(SourceFile("Sources/A/B.swift", code)).count == violations)
        }
    }

    @Test("does not take a requirement for a function") func requirement() {
        let rest = String(repeating: "var a = 1\n", count: 70)
        let code =
            "protocol P {\nfunc f() throws\ninit()\n}\nstruct S {\n\(rest)}\nlet a = S.init()\n"
        #expect(SizeRules.functions(SourceFile("Sources/A/B.swift", code)).isEmpty)
    }

    @Test(
        "refuses a trap or a print in a library",
        arguments: [
            "try! f()", "fatalError(\"x\")", "print(1)", "preconditionFailure()", "dump(a)",
        ]
    )
    func traps(code: String) {
        #expect(SafetyRules.traps(SourceFile("Sources/PhiRPC/A.swift", code)).count == 1)
    }

    @Test("does not take a negation for a trap") func negation() {
        let file = SourceFile("Sources/PhiRPC/A.swift", "guard try !f() else { return }")
        #expect(SafetyRules.traps(file).isEmpty)
    }

    @Test("lets a program print, and nothing else") func program() {
        let file = SourceFile("Sources/phi-ledger/A.swift", "print(1)\ntry! f()")
        #expect(SafetyRules.traps(file).map(\.line) == [2])
    }

    @Test(
        "refuses a claim about threads outside the list",
        arguments: ["final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1"]
    )
    func claims(code: String) {
        let file = SourceFile("Sources/A/B.swift", code)
        #expect(SafetyRules.claims(file, trusted: []).count == 1)
        #expect(SafetyRules.claims(file, trusted: ["Sources/A/B.swift"]).isEmpty)
    }

    @Test("refuses a C module outside its owner") func ownership() {
        let code = "internal import CLevelDB\n"
        #expect(SafetyRules.ownership(SourceFile("Sources/PhiChain/A.swift", code)).count == 1)
        #expect(SafetyRules.ownership(SourceFile("Sources/PhiLevelDB/A.swift", code)).isEmpty)
    }

    @Test(
        "refuses a public declaration without a sentence",
        arguments: [
            "public struct A {}", "public private(set) var a = 1", "package init(a: Int) {}",
            "// no sentence\npublic static func f() {}", "@inlinable\npublic func f() {}",
        ]
    )
    func documentation(code: String) {
        #expect(DocumentationRules.declarations(SourceFile("Sources/A/B.swift", code)).count == 1)
        let explained = SourceFile("Sources/A/B.swift", "/// A sentence.\n" + code)
        let isComment = code.hasPrefix("// ")
        #expect(DocumentationRules.declarations(explained).isEmpty == !isComment)
    }

    @Test("refuses an enum case without a sentence") func cases() {
        let code =
            "enum A {\n    /// One.\n    case one(B)\n    case two\n    func f() { switch self { case .one: 1 } }\n}\n"
        let file = SourceFile("Sources/A/B.swift", code)
        #expect(DocumentationRules.cases(file).map(\.line) == [4])
        #expect(
            DocumentationRules.cases(SourceFile("Sources/A/B.swift", "private " + code)).isEmpty
        )
    }
}

@Suite("A rule of all text") struct TextRuleTests {
    @Test(
        "refuses an untidy line",
        arguments: [
            "// TO" + "DO: later\n", "see /wo" + "rk/main\n", "path=\"/ho" + "me/me\"\n",
            "ends here \n",
            "no line end", "line\r\n", String(repeating: "<", count: 7) + " mine\n",
        ]
    )
    func untidy(text: String) {
        #expect(TextRules.lines("A.md", text).count == 1)
    }

    @Test(
        "lets pass what only looks like it",
        arguments: ["todo lists\n", "docs/wo" + "rk/page\n", "$XDG/ho" + "me/\n", "\n", ""]
    )
    func tidy(text: String) {
        #expect(TextRules.lines("A.md", text).isEmpty)
    }

    @Test("refuses a README of one line too many", arguments: [(150, 0), (151, 1)])
    func readme(count: Int, violations: Int) {
        #expect(TextRules.readme(String(repeating: "a\n", count: count)).count == violations)
    }

    @Test("refuses a link to nothing") func links() {
        let text = "[a](b.md) [c](../c.md#part) [d](https://example.org/x)\n[e](#part)\n"
        let found = TextRules.links("docs/a.md", text) { $0 == "docs/b.md" }
        #expect(found.map(\.message) == ["links to ../c.md"])
        #expect(TextRules.links("docs/a.md", text) { ["docs/b.md", "c.md"].contains($0) }.isEmpty)
    }
}
