import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting

@testable import PhiChat
@testable import PhiClient

/// A public meeting with a host and a guest, and what their entries look like to a reader.
struct ChatFixture {
    static let network = TestNetwork.make()
    var host = TestAuthor("host", on: network)
    var guest = TestAuthor("guest", on: network)
    let opening: Entry
    let reader: MeetingReader

    init() throws {
        opening = host.open()
        reader = MeetingReader(
            terms: try MeetingTerms(decoding: opening.payload),
            meeting: opening.id,
            title: "Garden",
            host: host.key,
            network: Self.network,
            epochs: nil
        )
    }

    var log: ChatLog { ChatLog(host: host.key, me: guest.key) }

    /// An entry with a content, as a node would give it.
    mutating func says(
        _ content: MessageContent,
        isHost: Bool = false,
        step: DeliveryStep = .pending,
        height: UInt32? = nil
    ) throws -> ReadEntry {
        let payload = try PublicContent.payload(
            of: content,
            salt: [UInt8](repeating: 3, count: 16)
        )
        let entry =
            isHost
            ? host.make(.message, in: opening.id, payload: payload)
            : guest.make(.message, in: opening.id, payload: payload)
        return try read(entry, step: step, height: height)
    }

    func read(_ entry: Entry, step: DeliveryStep, height: UInt32? = nil) throws -> ReadEntry {
        let place = height.map {
            BlockPlace(block: SHA256.hash([1]), height: Height($0), index: 0)
        }
        let status = EntryStatusDocument(
            entry: entry.id,
            status: step,
            depth: height == nil ? 0 : 1,
            place: place
        )
        return try reader.read(
            EntryDocument(entry, id: entry.id, isPublic: true, status: status)
        )
    }

    /// A desk that knows nothing of the meeting yet.
    func desk(
        name: String? = "Gus",
        rows: Int = 12,
        columns: Int = 60,
        limit: Int = 200
    ) -> ChatDesk {
        ChatDesk(
            heading: "Garden",
            log: log,
            byteLimit: limit,
            name: name,
            size: ScreenSize(rows: rows, columns: columns),
            moment: Self.moment,
            now: { Timestamp(milliseconds: 60_000) }
        )
    }

    static let moment: @Sendable (Timestamp) -> Moment = { _ in
        Moment(day: "2026-11-22", time: "09:30")
    }
}

extension ChatDesk {
    /// Types bytes.
    mutating func type(_ text: String) -> [Action] {
        handle(.terminal(.bytes(Array(text.utf8))))
    }

    /// Takes in entries as news.
    mutating func see(_ entries: [ReadEntry], isOpen: Bool = true) -> [Action] {
        var news = ChatNews()
        news.entries = entries
        news.isOpen = isOpen
        return handle(.news(news))
    }

    /// The screen as lines of text.
    var lines: [String] { frame.lines.map(\.text) }
    /// All of the screen.
    var screen: String { lines.joined(separator: "\n") }
}
