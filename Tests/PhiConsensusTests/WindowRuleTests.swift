import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("The window of an entry") struct WindowRuleTests {
    static let network = TestNetwork.make(expiry: 100)

    @Test("begins above its anchor", arguments: [0, 1, 50, UInt32.max - 1])
    func anchor(anchor: UInt32) {
        var author = TestAuthor("author", on: Self.network)
        author.anchorHeight = Height(anchor)
        let ledger = Ledger(on: Self.network)
        let entry = author.open()
        for height in [anchor, anchor.advanced(by: anchor == 0 ? 0 : -1)] {
            ledger.refuses(
                entry,
                as: .anchorNotBelow(anchor: Height(anchor), height: Height(height)),
                at: height
            )
        }
        ledger.takes(entry, at: anchor + 1)
    }

    @Test("ends at the expiry above its anchor", arguments: [0, 7, UInt32.max - 101])
    func expiry(anchor: UInt32) {
        var author = TestAuthor("author", on: Self.network)
        author.anchorHeight = Height(anchor)
        let ledger = Ledger(on: Self.network)
        let entry = author.open()
        ledger.refuses(entry, as: .expired(limit: 100, found: 101), at: anchor + 101)
        ledger.takes(entry, at: anchor + 100)
    }

    @Test("is checked for an open and for what is said in a meeting")
    func kinds() {
        var author = TestAuthor("author", on: Self.network)
        let ledger = Ledger(on: Self.network)
        let meeting = ledger.takes(author.open())
        let message = author.trying { $0.message("late", in: meeting) }
        ledger.refuses(message, as: .expired(limit: 100, found: 101), at: 101)
        ledger.refuses(
            message,
            as: .anchorNotBelow(anchor: .genesis, height: .genesis),
            at: 0
        )
        ledger.takes(message, at: 100)
    }

    @Test("does not depend on the hash of the anchor")
    func tail() {
        let ledger = Ledger(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        author.anchorTail = AnchorTail(of: .zero)
        ledger.takes(author.open(), at: 3)
    }
}

@Suite("The openings of an author") struct OpeningRuleTests {
    static let network = TestNetwork.make(expiry: 100)
    static let refusal = ContextViolation.tooManyOpenings(limit: 8)

    @Test("are eight in one block at most")
    func oneBlock() {
        let ledger = Ledger(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        for _ in 0..<8 { ledger.takes(author.open()) }
        ledger.refuses(author.trying { $0.open() }, as: Self.refusal)
        var other = TestAuthor("other", on: Self.network)
        ledger.takes(other.open())
    }

    @Test("are eight in a window that slides")
    func sliding() {
        let ledger = Ledger(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        for height in 10..<18 as Range<UInt32> { ledger.takes(author.open(), at: height) }
        author.anchorHeight = Height(8_600)
        for first in 10..<18 as Range<UInt32> {
            let last = first + 8_639
            ledger.refuses(author.trying { $0.open() }, as: Self.refusal, at: last)
            ledger.takes(author.open(), at: last + 1)
            ledger.refuses(author.trying { $0.open() }, as: Self.refusal, at: last + 1)
        }
    }

    @Test("count once for each entry, also at one height")
    func sameHeight() {
        let ledger = Ledger(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        for _ in 0..<3 { ledger.takes(author.open(), at: 5) }
        for _ in 0..<5 { ledger.takes(author.open(), at: 6) }
        author.anchorHeight = Height(8_600)
        ledger.refuses(author.trying { $0.open() }, as: Self.refusal, at: 8_644)
        for _ in 0..<3 { ledger.takes(author.open(), at: 8_645) }
        ledger.refuses(author.trying { $0.open() }, as: Self.refusal, at: 8_645)
    }

    @Test("are remembered without those that left the window")
    func remembered() {
        let ledger = Ledger(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        for height in [1, 2, 3] as [UInt32] { ledger.takes(author.open(), at: height) }
        author.anchorHeight = Height(8_600)
        ledger.takes(author.open(), at: 8_642)
        #expect(ledger.table.openings[author.key] == [Height(3), Height(8_642)])
    }

    @Test("do not run past the last height")
    func lastHeights() {
        let ledger = Ledger(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        author.anchorHeight = Height(.max - 2)
        for _ in 0..<8 { ledger.takes(author.open(), at: .max) }
        ledger.refuses(author.trying { $0.open() }, as: Self.refusal, at: .max)
    }
}
