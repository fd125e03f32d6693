import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

/// Entries of chance authors in chance meetings, right ones and wrong ones, judged twice.
struct RandomHistory {
    let ledger: Ledger
    /// The entries that were taken, by the height of their block.
    private(set) var blocks: [(height: UInt32, entries: [ValidEntry])] = []
    /// The kinds that were taken.
    private(set) var taken: Set<EntryKind> = []
    /// The names of the refusals that were seen.
    private(set) var refusals: Set<String> = []
    private let seed: UInt64
    private var random: SeededRandom
    private var oracle: Oracle
    private var authors: [TestAuthor]
    private var meetings: [Digest] = []
    private let links = [TestKey("link one"), TestKey("link two")]
    private let network: Network

    init(seed: UInt64, on network: Network) {
        self.network = network
        self.seed = seed
        random = SeededRandom(seed: seed)
        ledger = Ledger(on: network)
        oracle = Oracle(parameters: network.parameters)
        authors = (0..<5).map { TestAuthor("author \($0)", on: network) }
    }

    /// Makes one entry and has it judged by the rules and by the oracle.
    mutating func step() throws {
        if chance(12) { ledger.height += UInt32.random(in: 1...3, using: &random) }
        let index = UInt64.random(in: 0..<24, using: &random)
        let entry = make(index)
        let valid = try ValidEntry(judging: entry, on: network)
        let isAllowed = oracle.allows(valid, at: ledger.height)
        let before = ledger.table
        let refusal = try ledger.apply(entry)
        #expect(
            (refusal == nil) == isAllowed,
            "seed \(seed), \(entry.kind) at \(ledger.height): \(String(describing: refusal))"
        )
        if let refusal {
            let after = ledger.table
            #expect(before == after, "a refused entry changes nothing")
            refusals.insert("\(refusal)".prefix { $0 != "(" }.description)
            return
        }
        for index in authors.indices where authors[index].key == entry.author {
            authors[index].count(entry)
        }
        oracle.record(valid, at: ledger.height)
        taken.insert(entry.kind)
        if entry.kind == .open { meetings.append(entry.id) }
        if blocks.last?.height != ledger.height {
            blocks.append((height: ledger.height, entries: []))
        }
        blocks[blocks.count - 1].entries.append(valid)
    }

    /// An entry that its author does not count yet.
    private mutating func make(_ number: UInt64) -> Entry {
        guard let meeting = meetings.suffix(5).randomElement(using: &random), !chance(20) else {
            var author = author(hosting: nil)
            return open(by: &author)
        }
        // The host's kinds are the host's as a rule, and now and then another's.
        var author = author(hosting: (11..<18).contains(number) && !chance(5) ? meeting : nil)
        if chance(12) {
            let wrong = UInt64.random(in: 0...3, using: &random)
            return author.message("wrong", in: meeting) { draft in
                draft.sequence = wrong
                if wrong == 0 { draft.previous = .zero }
            }
        }
        let keys = authors.map(\.key).filter { _ in chance(4) }
        switch number {
        case 0..<6: return author.message("hello", in: meeting)
        case 6..<11: return author.join(meeting, by: chance(3) ? nil : link())
        case 11..<15: return author.admit(keys.isEmpty ? [author.key] : keys, to: meeting)
        case 15, 16:
            return author.revoke(
                Array(keys.prefix(1)),
                in: meeting,
                linkKey: chance(2) ? link().verifyingKey : .zero
            )
        case 17 where chance(2): return author.close(meeting)
        default: return approve(meeting, by: &author)
        }
    }

    /// A copy of the host of a meeting, or of any author, that has seen a block of chance.
    private mutating func author(hosting meeting: Digest?) -> TestAuthor {
        let host = meeting.flatMap { ledger.table.meetings[$0]?.host }
        let found = authors.firstIndex { $0.key == host }
        let index = found ?? Int.random(in: authors.indices, using: &random)
        // The count of salts goes on in the original, so that no two entries are one.
        _ = authors[index].salt()
        var author = authors[index]
        let age = UInt32.random(in: 1...(chance(12) ? 14 : 9), using: &random)
        author.anchorHeight = Height(ledger.height).lowered(by: chance(40) ? 0 : age)
        return author
    }

    private mutating func open(by author: inout TestAuthor) -> Entry {
        let writing = WritingPolicy.allCases.randomElement(using: &random) ?? .anyone
        return author.open(
            writing: writing,
            linkKey: writing == .link ? link().verifyingKey : .zero,
            lifetime: chance(2) ? UInt32.random(in: 1...6, using: &random) : 0
        )
    }

    private mutating func approve(_ meeting: Digest, by author: inout TestAuthor) -> Entry {
        let state = ledger.table.meetings[meeting]
        var minutes = state?.minutes ?? MinutesDigest(count: 0, root: .zero)
        if chance(6) { minutes = MinutesDigest(count: minutes.count + 1, root: minutes.root) }
        return author.approve(
            minutes,
            of: meeting,
            close: chance(6) ? meeting : state?.close ?? .zero
        )
    }

    private mutating func link() -> TestKey { chance(3) ? links[1] : links[0] }

    /// True once in so many times.
    private mutating func chance(_ count: UInt64) -> Bool {
        UInt64.random(in: 0..<count, using: &random) == 0
    }
}
