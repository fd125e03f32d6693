import PhiAPI
import Testing

@Suite("A JSON text") struct JSONParserTests {
    private func parse(
        _ text: String,
        limits: JSONLimits = JSONLimits()
    ) -> Result<JSON, JSONFailure> {
        do { return .success(try JSON(parsing: Array(text.utf8), limits: limits)) } catch {
            return .failure(error)
        }
    }

    @Test(
        "is read as the value that it writes",
        arguments: [
            ("null", JSON.null), (" true ", true), ("false\n", false), ("0", 0), ("-0", 0),
            ("-9223372036854775808", .integer(.min)), ("9223372036854775807", .integer(.max)),
            ("9223372036854775808", .number("9223372036854775808")),
            ("1.5", .number("1.5")), ("1e3", .number("1e3")), ("-1.0E-2", .number("-1.0E-2")),
            ("\"\"", ""), ("\"a\\n\\u0041\\/\"", "a\nA/"), ("\"\\ud83d\\ude00\"", "😀"),
            ("\"é😀\"", "é😀"), ("\"\\u0000\"", "\u{0}"), ("[]", []), ("{}", [:]),
            ("[1,[2],{\"a\":null}]", [1, [2], ["a": .null]]),
            ("{\"b\":1,\"a\":2}", ["b": 1, "a": 2]),
        ] as [(String, JSON)]
    )
    func reading(text: String, value: JSON) {
        #expect(parse(text) == .success(value))
    }

    @Test(
        "is refused when the grammar does not know it",
        arguments: [
            "", " ", "nul", "nulll", "tru", "True", "NaN", "Infinity", "-", "+1", "01", "-01", "1.",
            ".5", "1e", "1e+", "1.e1", "0x10", "1 2", "[", "]", "[1", "[1,", "[1,]", "[,1]",
            "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}",
            "{'a':1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "\"", "\"a", "\"\\", "\"\\x\"",
            "\"\\u12\"", "\"\\u12G4\"", "\"\t\"", "\"\n\"", "'a'", "/* a */1", "1//", "[1]]",
            "{}{}", "\u{FEFF}1", "\u{A0}1",
        ]
    )
    func negativeSpace(text: String) {
        #expect(throws: JSONFailure.self) { try JSON(parsing: Array(text.utf8)) }
    }

    @Test(
        "is refused when an escape is half of a surrogate pair",
        arguments: [
            "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83dx\"", "\"\\ud83d\\n\"", "\"\\ud83d\\u0041\"",
            "\"\\ud83d\\ud83d\"", "\"\\ude00\\ud83d\"",
        ]
    )
    func loneSurrogates(text: String) {
        #expect(parse(text) == .failure(.loneSurrogate(position: 1)))
    }

    @Test(
        "is refused when a string is not UTF-8",
        arguments: [
            [0x80], [0xC0, 0xAF], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xFF],
        ] as [[UInt8]]
    )
    func encoding(bytes: [UInt8]) {
        let plain = [0x22] + bytes + [0x22]
        let escaped: [UInt8] = [0x22, 0x5C, 0x6E] + bytes + [0x22]
        for text in [plain, escaped] {
            #expect(throws: JSONFailure.invalidUTF8(position: 0)) { try JSON(parsing: text) }
        }
    }

    @Test("is refused when an object names a member twice", arguments: [2, 16, 17, 18, 40])
    func duplicates(count: Int) {
        let members = (0..<count - 1).map { "\"m\($0)\":0" } + ["\"\\u006d0\":1"]
        guard case .failure(.duplicateName("m0", _)) = parse("{\(members.joined(separator: ","))}")
        else {
            Issue.record("the duplicate was not found")
            return
        }
    }

    @Test("may nest to the limit and no deeper", arguments: [1, 2, 32])
    func depth(limit: Int) {
        let limits = JSONLimits(depth: limit)
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try parse(nested(limit), limits: limits).get() }
        let expected = JSONFailure.tooDeep(position: limit, limit: limit)
        #expect(parse(nested(limit + 1), limits: limits) == .failure(expected))
    }

    @Test("may have as many bytes as the limit and no more")
    func length() {
        let limits = JSONLimits(byteCount: 4)
        #expect(parse("1234", limits: limits) == .success(1234))
        #expect(parse("12345", limits: limits) == .failure(.tooLong(count: 5, limit: 4)))
    }

    @Test("may write a number of 64 characters and no longer")
    func numberLength() {
        let longest = String(repeating: "1", count: 64)
        #expect(parse(longest) == .success(.number(longest)))
        #expect(parse(longest + "1") == .failure(.invalidNumber(position: 0)))
    }

    @Test("is refused when it ends early")
    func truncation() {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",true,false,null],"b":{}}"#.utf8)
        #expect(throws: Never.self) { try JSON(parsing: text) }
        for count in text.indices {
            #expect(throws: JSONFailure.self) { try JSON(parsing: Array(text.prefix(count))) }
        }
    }
}
