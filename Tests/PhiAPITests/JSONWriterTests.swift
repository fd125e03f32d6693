import PhiAPI
import Testing

@Suite("A JSON writer") struct JSONWriterTests {
    private let tree: JSON = [
        "a": [1, -2, .integer(.min), .integer(.max), [:], []],
        "b": ["c": .null, "d": true, "e": false, "f": .number("1.50")],
        "text": "quote \" slash / backslash \\ line \n tab \t bell \u{7} é 😀 \u{2028}",
    ]

    @Test("writes what the parser reads back", arguments: [false, true])
    func roundTrip(pretty: Bool) throws {
        #expect(try JSON(parsing: tree.serialized(pretty: pretty)) == tree)
    }

    @Test("puts commas between values and nowhere else")
    func commas() {
        let value: JSON = [[], [1, 2], ["a": 1, "b": [[:], 3]], "x"]
        #expect(
            String(decoding: value.serialized(), as: UTF8.self)
                == #"[[],[1,2],{"a":1,"b":[{},3]},"x"]"#
        )
    }

    @Test("breaks lines where it is asked to")
    func lines() {
        let value: JSON = ["a": 1, "b": [true, [:]]]
        let expected = """
            {
              "a": 1,
              "b": [
                true,
                {}
              ]
            }
            """
        #expect(String(decoding: value.serialized(pretty: true), as: UTF8.self) == expected)
    }

    @Test("escapes every control character")
    func escapes() throws {
        for byte in UInt8(0)..<0x20 {
            let value = JSON.string("a" + String(UnicodeScalar(byte)) + "b")
            let text = value.serialized()
            #expect(text.allSatisfy { $0 >= 0x20 })
            #expect(try JSON(parsing: text) == value)
        }
    }

    @Test("writes bytes as hexadecimal digits and as base64")
    func bytes() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.hexadecimal([0, 0xAB, 0xFF])
        writer.base64([1, 2, 3, 4])
        writer.raw(Array("{}".utf8))
        writer.integer(UInt64.max)
        writer.endArray()
        #expect(writer.text == #"["00abff","AQIDBA==",{},18446744073709551615]"#)
    }
}

@Suite("Base64") struct Base64Tests {
    @Test(
        "has one text for each array of bytes",
        arguments: [
            ("", []), ("Zg==", [0x66]), ("Zm8=", [0x66, 0x6F]), ("Zm9v", [0x66, 0x6F, 0x6F]),
            ("+/+/", [0xFB, 0xFF, 0xBF]),
        ] as [(String, [UInt8])]
    )
    func vectors(text: String, bytes: [UInt8]) {
        #expect(Base64.encode(bytes) == text)
        #expect(Base64.decode(text) == bytes)
    }

    @Test("is read back for any number of bytes", arguments: 0...130)
    func lengths(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
        let text = Base64.encode(bytes)
        #expect(text.utf8.count == (count + 2) / 3 * 4)
        #expect(Base64.decode(text) == bytes)
        #expect(Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes)
    }

    @Test(
        "is refused when it is not that text",
        arguments: [
            "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", " Zm9", "Zm-v", "Zm_v",
            "Zg==Zg==", "=Zm9",
        ]
    )
    func negativeSpace(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
