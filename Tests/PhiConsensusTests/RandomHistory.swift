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
    private var random: SeededRandom
    private var oracle: Oracle
    private var authors: [TestAuthor]
    private var meetings: [Digest] = []
    private let links = [TestKey("link one"), TestKey("link two")]
    private let network: Network

    init(seed: UInt64, on network: Network) {
        self.network = network
        random = SeededRandom(seed: seed)
        ledger = Ledger(on: network)
        oracle = Oracle(parameters: network.parameters)
        authors = (0..<5).map { TestAuthor("author \($0)", on: network) }
    }

    /// Makes one entry and has it judged by the rules and by the oracle.
    mutating func step() throws {
        if chance(8) { ledger.height += UInt32.random(in: 1...3, using: &random) }
        let index = authors.indices.randomElement(using: &random) ?? 0
        let age = UInt32.random(in: 1...(chance(12) ? 14 : 9), using: &random)
        authors[index].anchorHeight = Height(ledger.height).lowered(by: chance(40) ? 0 : age)
        let entry = make(by: authors[index])
        _ = authors[index].salt()
        let valid = try ValidEntry(judging: entry, on: network)
        let isAllowed = oracle.allows(valid, at: ledger.height)
        let before = ledger.table
        let refusal = try ledger.apply(entry)
        #expect(
            (refusal == nil) == isAllowed,
            "\(entry.kind) at \(ledger.height): \(String(describing: refusal))"
        )
        if let refusal {
            let after = ledger.table
            #expect(before == after, "a refused entry changes nothing")
            refusals.insert("\(refusal)".prefix { $0 != "(" }.description)
            return
        }
        authors[index].count(entry)
        oracle.record(valid, at: ledger.height)
        taken.insert(entry.kind)
        if entry.kind == .open { meetings.append(entry.id) }
        if blocks.last?.height != ledger.height {
            blocks.append((height: ledger.height, entries: []))
        }
        blocks[blocks.count - 1].entries.append(valid)
    }

    /// The next entry of an author; the author does not count it yet.
    private mutating func make(by author: TestAuthor) -> Entry {
        var copy = author
        let wrong = chance(12) ? UInt64.random(in: 0...3, using: &random) : nil
        let recent = meetings.suffix(6)
        guard let meeting = recent.randomElement(using: &random), !chance(14) else {
            return open(by: &copy)
        }
        if let wrong {
            return copy.message("wrong", in: meeting) {
                $0.sequence = wrong
                if wrong == 0 { $0.previous = .zero }
            }
        }
        let keys = authors.map(\.key).filter { _ in chance(3) }
        switch UInt64.random(in: 0..<24, using: &random) {
        case 0..<6: return copy.message("hello", in: meeting)
        case 6..<11: return copy.join(meeting, by: chance(3) ? nil : link())
        case 11..<15: return copy.admit(keys.isEmpty ? [author.key] : keys, to: meeting)
        case 15..<18:
            return copy.revoke(
                Array(keys.prefix(1)),
                in: meeting,
                linkKey: chance(2) ? link().verifyingKey : .zero
            )
        case 18: return copy.close(meeting)
        default: return approve(meeting, by: &copy)
        }
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
