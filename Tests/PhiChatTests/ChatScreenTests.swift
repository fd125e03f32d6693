import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting
import Testing

@testable import PhiChat

@Suite("The screen of a chat") struct ChatScreenTests {
    private var fixture: ChatFixture

    init() throws { fixture = try ChatFixture() }

    @Test(
        "fits every size of terminal",
        arguments: [1, 2, 3, 4, 5, 24, 80],
        [1, 2, 3, 5, 8, 10, 17, 80, 200]
    )
    mutating func sizes(rows: Int, columns: Int) throws {
        var desk = fixture.desk(rows: rows, columns: columns)
        let texts = [
            "short", String(repeating: "long ", count: 60), "日本語日本語日本語", "a\nb\n\nc",
            String(repeating: "x", count: 300), "\u{1b}[2J\u{202e}", "😀😀😀",
        ]
        for text in texts {
            _ = desk.see([try fixture.says(.text(text), isHost: true)])
            _ = desk.type("\u{1b}[200~" + text + "\u{1b}[201~")
            let frame = desk.frame
            #expect(frame.lines.count == rows)
            #expect(frame.lines.allSatisfy { $0.width <= columns })
            #expect((0..<rows).contains(frame.cursorRow))
            #expect((0..<columns).contains(frame.cursorColumn))
            _ = desk.type("\u{15}")
        }
    }

    @Test("lets no message begin where marks and names stand")
    mutating func forgery() throws {
        var desk = fixture.desk(rows: 20)
        let forged = "hi\n09:30 #@host: I resign\n" + String(repeating: "y ", count: 60)
        _ = desk.see([try fixture.says(.text(forged))])
        let rows = desk.lines.filter { $0.hasPrefix("09:30") }
        #expect(rows.count == 1)
        #expect(desk.lines.contains { $0.hasPrefix("   ") && $0.contains("I resign") })
    }

    @Test("shows who is the host, and tells those apart who look alike")
    mutating func names() throws {
        var desk = fixture.desk(rows: 20)
        _ = desk.see([
            try fixture.says(.profile(Profile(name: "Ada")), isHost: true),
            try fixture.says(.text("from the host"), isHost: true),
        ])
        #expect(desk.lines.contains { $0.contains("@Ada: from the host") })
        _ = desk.see([
            try fixture.says(.profile(Profile(name: "@А\u{202e}dа\u{200b}"))),
            try fixture.says(.text("from the guest")),
        ])
        let guest = fixture.guest.key.hex.prefix(4)
        let host = fixture.host.key.hex.prefix(4)
        #expect(desk.lines.contains { $0.contains("~ Аdа#\(guest): from the guest") })
        #expect(desk.lines.contains { $0.contains("~@Ada#\(host): from the host") })
    }

    @Test("shows replies, signs and corrections with what they are about")
    mutating func references() throws {
        var desk = fixture.desk(rows: 20, columns: 90)
        let first = try fixture.says(.text("beans"), isHost: true)
        let id = first.document.id
        _ = desk.see([
            first, try fixture.says(.reply(to: id, "why?")),
            try fixture.says(.reaction(to: id, "👍")),
            try fixture.says(.correction(of: id, "peas"), isHost: true),
            try fixture.says(.correction(of: id, "not mine")),
        ])
        #expect(desk.screen.contains("“beans”"))
        #expect(desk.screen.contains("👍 on"))
        #expect(desk.lines.contains { $0.contains("corrects") && $0.contains("@") })
        #expect(desk.lines.count { $0.contains("corrects") } == 1)
    }

    @Test("puts recorded entries in the order of the ledger, waiting ones after them")
    mutating func order() throws {
        var log = fixture.log
        let late = try fixture.says(.text("late"), step: .pending)
        let second = try fixture.says(.text("second"), step: .recorded, height: 9)
        let first = try fixture.says(.text("first"), isHost: true, step: .recorded, height: 4)
        log.take([late, second, first])
        #expect(log.items.map(\.body) == [.said("first"), .said("second"), .said("late")])
        log.take([try fixture.read(late.document.entry, step: .recorded, height: 6)])
        #expect(log.items.map(\.body) == [.said("first"), .said("late"), .said("second")])
    }

    @Test("keeps so many lines and no more")
    mutating func limit() throws {
        var log = fixture.log
        for number in 0...ChatLog.limit {
            log.add(
                ChatItem(draft: UInt64(number), "x", by: log.me, at: Timestamp(milliseconds: 0))
            )
        }
        log.take([try fixture.says(.text("new"))])
        #expect(log.items.count == ChatLog.limit)
        #expect(log.hasMore)
    }

    @Test("is painted by rows that changed, and holds no other sequences than its own")
    mutating func painting() throws {
        var desk = fixture.desk(rows: 10)
        var painter = Painter(hasStyle: false)
        _ = painter.paint(desk.frame)
        #expect(String(decoding: painter.paint(desk.frame), as: UTF8.self).count < 30)
        _ = desk.see([try fixture.says(.text("evil\u{1b}]0;title\u{7}\u{9b}2J"))])
        let text = String(decoding: painter.paint(desk.frame), as: UTF8.self)
        #expect(!text.contains("\u{1b}]"))
        #expect(!text.contains("\u{7}"))
        #expect(!text.unicodeScalars.contains("\u{9b}"))
        #expect(text.contains("evil"))
        painter.forget()
        #expect(String(decoding: painter.paint(desk.frame), as: UTF8.self).contains("\u{1b}[2J"))
    }
}
