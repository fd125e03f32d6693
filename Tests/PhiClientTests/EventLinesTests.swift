import Testing

@testable import PhiClient

@Suite("A stream of events") struct EventLinesTests {
    private func messages(_ text: String, chunk: Int = .max) throws -> [EventLines.Message] {
        var lines = EventLines()
        var found: [EventLines.Message] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: min(chunk, bytes.count)) {
            found += try lines.take(bytes[start..<min(start + chunk, bytes.count)])
        }
        return found
    }

    private let text = ": hello\n\nid: 17\ndata: {\"a\":1}\n\nevent: dropped\ndata: {}\n\n"

    @Test("is cut into its messages", arguments: [1, 2, 3, 7, 1_000])
    func chunks(size: Int) throws {
        let found = try messages(text, chunk: size)
        try #require(found.count == 2)
        #expect(found[0].cursor == "17")
        #expect(found[0].kind == "message")
        #expect(found[0].data == Array("{\"a\":1}".utf8))
        #expect(found[1].cursor == nil)
        #expect(found[1].kind == "dropped")
    }

    @Test("may end its lines in three ways", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) throws {
        let other = text.replacingOccurrences(of: "\n", with: end)
        #expect(try messages(other, chunk: 1).count == 2)
    }

    @Test("joins the lines of one message")
    func severalLines() throws {
        #expect(try messages("data: a\ndata:b\n\n")[0].data == Array("a\nb".utf8))
    }

    @Test("gives nothing for a message that has not ended")
    func unfinished() throws {
        #expect(try messages("data: a\n").isEmpty)
    }

    @Test("is refused when a message has no end")
    func endless() {
        var lines = EventLines()
        let long = [UInt8](repeating: 0x61, count: EventLines.byteLimit + 1)
        #expect(throws: EventLines.TooLong.self) { try lines.take(long) }
    }
}

extension String {
    fileprivate func replacingOccurrences(of one: Character, with other: String) -> String {
        reduce(into: "") { $0 += $1 == one ? other : String($1) }
    }
}
