import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

/// Authors who write entries of every kind at random, many of them without a place.
struct RandomWriters {
    private struct Meeting {
        let id: Digest
        let host: Int
        let link: TestKey?
    }

    private let network: Network
    private var authors: [TestAuthor]
    private var meetings: [Meeting] = []
    private var random: SeededRandom

    init(_ count: Int, on network: Network, seed: UInt64) {
        self.network = network
        authors = (0..<count).map { TestAuthor("writer \($0)", on: network) }
        random = SeededRandom(seed: seed)
    }

    private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    /// Tries one entry; it counts when it is accepted.
    mutating func write(
        seeing chain: ChainReader<MemoryStore>,
        _ accept: (Entry) throws -> Bool
    ) throws {
        let index = below(authors.count)
        var author = authors[index]
        author.anchorHeight = try chain.tip().height
        var opened: Meeting?
        let entry: Entry
        if meetings.count < 3 || below(16) == 0 {
            let writing = WritingPolicy.allCases[below(WritingPolicy.allCases.count)]
            let link = writing == .link ? TestKey("link \(meetings.count)") : nil
            entry = author.open(
                writing: writing,
                linkKey: link?.verifyingKey ?? .zero,
                lifetime: below(3) == 0 ? UInt32(5 + below(20)) : 0
            )
            opened = Meeting(id: entry.id, host: index, link: link)
        } else {
            let meeting = meetings[meetings.count - 1 - below(min(4, meetings.count))]
            entry = try act(&author, index, in: meeting, seeing: chain)
        }
        guard try accept(entry) else { return }
        authors[index] = author
        if let opened { meetings.append(opened) }
    }

    private mutating func act(
        _ author: inout TestAuthor,
        _ index: Int,
        in meeting: Meeting,
        seeing chain: ChainReader<MemoryStore>
    ) throws -> Entry {
        let other = authors[below(authors.count)].key
        switch below(index == meeting.host ? 9 : 6) {
        case 0, 1, 2: return author.message("\(below(1_000))", in: meeting.id)
        case 3, 4: return author.join(meeting.id, by: meeting.link)
        case 5:
            let state = try chain.meeting(meeting.id)
            let minutes = state?.minutes ?? MinutesDigest(count: 0, root: .zero)
            return author.approve(minutes, of: meeting.id, close: state?.close ?? .zero)
        case 6: return author.admit([other], to: meeting.id)
        case 7: return author.revoke([other], in: meeting.id)
        default: return author.close(meeting.id)
        }
    }
}
