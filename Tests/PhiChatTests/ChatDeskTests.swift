import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting
import Testing

@testable import PhiChat

@Suite("A chat before a person") struct ChatDeskTests {
    private var fixture: ChatFixture

    init() throws { fixture = try ChatFixture() }

    @Test("shows a message at once, and then how far it is")
    mutating func ladder() throws {
        var desk = fixture.desk()
        _ = desk.see([])
        #expect(desk.type("hello\r") == [.say(draft: 1, "hello")])
        #expect(desk.lines.contains { $0.hasPrefix("09:30 > ") && $0.hasSuffix(": hello") })
        let read = try fixture.says(.text("hello"))
        _ = desk.handle(.signed(draft: 1, read.document.id))
        _ = desk.handle(
            .delivered(EntryStatusDocument(entry: read.document.id, status: .pending))
        )
        #expect(desk.lines.contains { $0.hasPrefix("09:30 ~ ") && $0.hasSuffix(": hello") })
        for (step, mark) in [
            (DeliveryStep.recorded, "+"), (.settled, "*"), (.deep, "#"), (.returned, "<"),
            (.expired, "!"),
        ] {
            _ = desk.see([try fixture.read(read.document.entry, step: step, height: 7)])
            #expect(desk.lines.count { $0.hasSuffix(": hello") } == 1)
            #expect(desk.lines.contains { $0.hasPrefix("09:30 \(mark) ") }, "\(step)")
            #expect(desk.screen.contains("your last message: \(step.rawValue)"))
        }
    }

    @Test("shows a message once when the node tells of it before it says that it has it")
    mutating func early() throws {
        var desk = fixture.desk()
        _ = desk.type("hello\r")
        let read = try fixture.says(.text("hello"))
        _ = desk.see([read])
        _ = desk.handle(.signed(draft: 1, read.document.id))
        #expect(desk.lines.count { $0.hasSuffix(": hello") } == 1)
        #expect(desk.waitingCount == 0)
    }

    @Test("tells why a message is refused")
    func refused() {
        var desk = fixture.desk()
        _ = desk.type("hello\r")
        _ = desk.handle(.refused(.draft(1), reason: "The meeting is full\u{1b}[2J."))
        #expect(desk.screen.contains("not sent: The meeting is full\u{FFFD}[2J."))
        #expect(desk.waitingCount == 0)
    }

    @Test("asks for a name where there is none, and takes none for an answer")
    func name() {
        var desk = fixture.desk(name: nil)
        _ = desk.see([])
        #expect(desk.screen.contains("your name"))
        #expect(desk.type("Ada\r") == [.name("Ada")])
        #expect(desk.type("hello\r") == [.say(draft: 1, "hello")])
        var silent = fixture.desk(name: nil)
        _ = silent.see([])
        #expect(silent.type("\r") == [])
        #expect(silent.type("hello\r") == [.say(draft: 1, "hello")])
    }

    @Test("does not ask for a name, nor take it again, where the author has it")
    mutating func known() throws {
        let profile = try fixture.says(.profile(Profile(name: "Gus")))
        var desk = fixture.desk(name: nil)
        #expect(desk.see([profile]) == [])
        #expect(!desk.screen.contains("your name"))
        var named = fixture.desk(name: "Gus")
        #expect(named.see([profile]) == [])
        var other = fixture.desk(name: "Gustav")
        #expect(other.see([profile]) == [.name("Gustav")])
    }

    @Test("leaves at once, and with messages that wait after a warning")
    func leaving() {
        for key in ["\u{3}", "\u{4}", "/quit\r"] {
            var desk = fixture.desk()
            #expect(desk.type(key) == [.quit])
            _ = desk.type("hello\r")
            #expect(desk.type(key) == [])
            #expect(desk.screen.contains("1 of your messages wait"))
            #expect(desk.type(key) == [.quit])
        }
        var desk = fixture.desk()
        #expect(desk.handle(.terminal(.bytes([]))) == [.quit])
        #expect(desk.handle(.terminal(.ended(signal: 15))) == [.end(signal: 15)])
    }

    @Test("refuses what is longer than a message, and says by how much")
    func tooLong() {
        var desk = fixture.desk(limit: 10)
        _ = desk.type("\u{1b}[200~12345678901\u{1b}[201~")
        #expect(desk.screen.contains("11 bytes, 10 are possible"))
        _ = desk.type("1234567890")
        #expect(desk.type("\r") == [.say(draft: 1, "1234567890")])
    }

    @Test("obeys its commands, and says what is none")
    mutating func commands() throws {
        var desk = fixture.desk(rows: 20)
        _ = desk.see([try fixture.says(.text("kept"), step: .recorded, height: 3)])
        let id = try #require(desk.view.log.items.first?.id)
        #expect(desk.type("/members\r") == [.listMembers])
        #expect(desk.type("/name Bo\r") == [.name("Bo")])
        #expect(desk.type("/receipt\r") == [.saveReceipt(id)])
        #expect(desk.type("/receipt 2\r") == [])
        #expect(desk.type("/receipt x\r") == [])
        #expect(desk.type("/approve\r") == [])
        #expect(desk.type("/nothing\r") == [])
        #expect(desk.screen.contains("no command /nothing"))
        #expect(desk.type("//path\r") == [.say(draft: 1, "/path")])
        _ = desk.type("/help\r")
        #expect(desk.screen.contains("~ pending"))
        _ = desk.type("x")
        #expect(!desk.screen.contains("~ pending"))
    }

    @Test("says that the meeting has ended, and what follows from it")
    mutating func ended() throws {
        var desk = fixture.desk()
        _ = desk.see([], isOpen: false)
        #expect(desk.screen.contains("/approve"))
        #expect(desk.type("too late\r") == [])
        #expect(desk.screen.contains("takes no more messages"))
        #expect(desk.screen.contains("too late"))
        _ = desk.type("\u{15}")
        #expect(desk.type("/approve\r") == [.approve])
        var host = ChatDesk(
            heading: "Garden",
            log: ChatLog(host: fixture.host.key, me: fixture.host.key),
            byteLimit: 100,
            name: "Ada",
            size: ScreenSize(rows: 10, columns: 60),
            moment: ChatFixture.moment,
            now: { Timestamp(milliseconds: 0) }
        )
        #expect(host.see([], isOpen: false) == [.tend])
        #expect(host.see([], isOpen: false) == [.tend])
    }

    @Test("keeps what is read in its place while others write")
    mutating func scrolling() throws {
        var desk = fixture.desk(rows: 8)
        for number in 0..<30 {
            _ = desk.see([try fixture.says(.text("line \(number)"))])
        }
        _ = desk.type("\u{1b}[5~")
        let before = desk.lines[1..<6]
        _ = desk.see([try fixture.says(.text("more"))])
        #expect(desk.lines[1..<6] == before)
        for _ in 0..<20 { _ = desk.type("\u{1b}[5~") }
        #expect(desk.screen.contains("the beginning"))
        for _ in 0..<20 { _ = desk.type("\u{1b}[6~") }
        #expect(desk.screen.contains("more"))
    }
}
