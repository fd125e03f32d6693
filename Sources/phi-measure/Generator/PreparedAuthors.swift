import PhiAPI
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings

/// Authors of a measurement with a meeting of their own.
struct PreparedAuthors: Sendable {
    /// Entries of one author that a pool takes at a time, less some for safety.
    private static let entriesPerAuthor = 60
    private static let firstHost = 1 << 24

    /// The meeting, open to everyone.
    let meeting: Digest
    /// The messages of each author in their order, signed and stamped.
    let messages: [[Entry]]
    /// The entry that opens the meeting.
    let open: Entry

    /// Signs messages for a node's network, on top of the node's tip.
    ///
    /// - Parameters:
    ///   - count: How many messages.
    ///   - client: The node.
    /// - Throws: What the node said where it did not tell of itself.
    init(_ count: Int, at client: NodeClient) async throws {
        let info = try await client.info()
        try await self.init(
            count,
            with: EntryBuilder(
                network: info.network,
                anchorHeight: info.tip.height,
                anchorHash: info.tip.block,
                time: WallClock.now
            )
        )
    }

    /// Signs messages.
    init(_ count: Int, with builder: EntryBuilder) async throws {
        let seed = Chance.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var host = Author(index: Self.firstHost, seed: seed)
        let key = try host.key()
        open = try host.open(title: "Measurement", with: builder, key: key)
        let meeting = open.id
        self.meeting = meeting
        let authors = (count + Self.entriesPerAuthor - 1) / Self.entriesPerAuthor
        messages = try await Cores.map(Array(0..<authors), stride: 1) { part in
            try part.map { index in
                var author = Author(index: index, seed: seed)
                let key = try author.key()
                return try stride(from: index, to: count, by: authors).map { number in
                    var chatter = Chatter(seed: seed &+ UInt64(number))
                    return try author.message(
                        chatter.line(),
                        to: meeting,
                        with: builder,
                        key: key
                    )
                }
            }
        }
    }

    /// All messages, each author's in their order and the authors in turn.
    var inTurns: [Entry] {
        let turns = messages.map(\.count).max() ?? 0
        return (0..<turns).flatMap { turn in
            messages.compactMap { turn < $0.count ? $0[turn] : nil }
        }
    }
}
