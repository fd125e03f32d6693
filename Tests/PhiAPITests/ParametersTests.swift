import PhiAPI
import PhiCrypto
import PhiLedger
import Testing

@Suite("Parameters") struct ParametersTests {
    private static let hex = String(repeating: "ab", count: 32)
    private static let digestBytes = [UInt8](repeating: 0xAB, count: 32)

    private func parameters(
        _ json: JSON?,
        for name: String = "meeting.history",
        prefix: String? = "phid"
    ) throws -> Parameters {
        try Parameters(json, for: try Methods.find(name), networkPrefix: prefix)
    }

    private func error(_ body: () throws -> Void) -> APIError? {
        do {
            try body()
            return nil
        } catch { return error as? APIError }
    }

    @Test("are the same by name and by position")
    func forms() throws {
        let named = try parameters(["limit": 7, "meeting": .string(Self.hex), "cursor": .null])
        let positioned = try parameters([.string(Self.hex), .null, 7])
        for given in [named, positioned] {
            #expect(try given.digest("meeting") == Digest(hex: Self.hex))
            #expect(try given.pageLimit() == 7)
            #expect(try given.cursor() == nil)
        }
    }

    @Test("that no method declares are refused by name, with the nearest one that is")
    func unknown() {
        let found = error { _ = try parameters(["meeting": .string(Self.hex), "limt": 3]) }
        #expect(found?.code == APIError.Code.invalidParameters)
        #expect(found?.data == ["field": "limt"])
        #expect(found?.message.contains("“limit”") == true)
        #expect(error { _ = try parameters(["x": 1], for: "chain.tip") } != nil)
        #expect(error { _ = try parameters([1], for: "chain.tip") } != nil)
        #expect(error { _ = try parameters("x") } != nil)
        #expect(error { _ = try parameters(1) } != nil)
    }

    @Test("that a method needs are missed by name")
    func missing() {
        for json: JSON? in [nil, [:], [], ["meeting": .null], [.null]] {
            let found = error { _ = try parameters(json) }
            #expect(found?.data == ["field": "meeting"])
        }
    }

    @Test(
        "that are integers keep their bounds",
        arguments: [
            (0, false), (1, true), (500, true), (501, false), (.number("1.0"), false),
            ("1", false), (true, false), ([1], false),
        ] as [(JSON, Bool)]
    )
    func bounds(limit: JSON, isGood: Bool) throws {
        let given = try parameters([.string(Self.hex), .null, limit])
        let found = error { _ = try given.pageLimit() }
        #expect((found == nil) == isGood)
        if !isGood { #expect(found?.message.contains("“limit”") == true) }
    }

    @Test("that name 32 bytes may be digits or bech32m of the network")
    func identifiers() throws {
        let name = Bech32m.encode(prefix: "phid", Self.digestBytes)
        let foreign = Bech32m.encode(prefix: "phit", Self.digestBytes)
        let short = Bech32m.encode(prefix: "phid", Array(Self.digestBytes.dropLast()))
        for text in [Self.hex, name] {
            #expect(try parameters([.string(text)]).digest("meeting").bytes == Self.digestBytes)
        }
        let broken = name.dropLast() + (name.hasSuffix("q") ? "p" : "q")
        for text in [
            foreign, short, String(broken), Self.hex.uppercased(), String(Self.hex.dropLast()),
            Self.hex + "00", "", "zz",
        ] {
            let given = try parameters([.string(text)])
            #expect(error { _ = try given.digest("meeting") }?.data == ["field": "meeting"])
        }
        let found = error { _ = try parameters([.string(foreign)]).digest("meeting") }
        #expect(found?.message.contains("phit") == true)
    }

    @Test("that name a block may be a height or a hash")
    func blocks() throws {
        let last = Int64(UInt32.max)
        #expect(try parameters([0], for: "chain.block").block("block") == .height(0))
        #expect(
            try parameters([.integer(last)], for: "chain.block").block("block")
                == .height(UInt32.max)
        )
        let hash = try #require(Digest(hex: Self.hex))
        #expect(
            try parameters([.string(Self.hex)], for: "chain.block").block("block") == .hash(hash)
        )
        for bad: JSON in [-1, .integer(last + 1), true, "tip", .number("1.5")] {
            let given = try parameters([bad], for: "chain.block")
            #expect(error { _ = try given.block("block") } != nil)
        }
    }

    @Test("that are base64 keep their limit")
    func base64() throws {
        for (count, isGood) in [(3, true), (4, true), (5, false), (6, false), (7, false)] {
            let text = Base64.encode([UInt8](repeating: 1, count: count))
            let given = try parameters([.string(text)], for: "entry.submit")
            #expect((error { _ = try given.base64("entry", byteLimit: 4) } == nil) == isGood)
        }
    }

    @Test("that are words, truths or texts are refused by name when they are not")
    func kinds() throws {
        let given = try parameters([
            "meeting": .string(Self.hex), "direction": "backward", "proof": true,
            "includePending": "yes",
        ])
        #expect(try given.choice("direction", default: Direction.forward) == .backward)
        #expect(try given.bool("proof", default: false))
        #expect(error { _ = try given.bool("includePending", default: false) } != nil)
        #expect(error { _ = try given.choice("proof", default: Direction.forward) } != nil)
        #expect(error { _ = try given.string("direction", byteLimit: 7) } != nil)
        #expect(try given.string("direction", byteLimit: 8) == "backward")
    }

    @Test(
        "that are topics are read back as they were written",
        arguments: ["blocks", "meeting:\(hex)", "author:\(hex)", "entry:\(hex)"]
    )
    func topics(text: String) throws {
        #expect(try Topic(text).description == text)
    }

    @Test(
        "that are no topics are refused",
        arguments: ["", "block", "blocks:", "meeting", "meeting:", "meeting:ab", ":", "x:\(hex)"]
    )
    func noTopics(text: String) {
        #expect(throws: APIError.self) { try Topic(text) }
    }
}
