import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("An address that answered") struct AddressTestTests {
    private static let minute: UInt64 = 60_000

    /// Two addresses that want one place in the tried table, the first of them in it.
    private static func rivals(
        in book: inout AddressBook,
        now: Timestamp
    ) throws -> (holder: PeerAddress, rival: PeerAddress) {
        let holder = AddressBookTests.host(0x0b00_0001)
        book.answered(holder, identity: AddressBookTests.node(1), way: .peers, now: now)
        let slot = book.triedSlot(of: holder)
        let found = (2..<200_000 as Range<UInt32>).first {
            book.triedSlot(of: AddressBookTests.host(0x0b00_0000 + $0)) == slot
        }
        return (holder, AddressBookTests.host(0x0b00_0000 + (try #require(found))))
    }

    private static func isTried(_ number: UInt64, in book: AddressBook) -> Bool {
        book.place(of: AddressBookTests.node(number))?.isTried == true
    }

    @Test("keeps its place while it answers")
    func fresh() throws {
        var book = AddressBookTests.book()
        let start = AddressBookTests.start
        let (_, rival) = try Self.rivals(in: &book, now: start)
        let later = start.adding(milliseconds: 4 * AddressBookTests.hour - 1)
        book.answered(rival, identity: AddressBookTests.node(2), way: .peers, now: later)
        #expect(book.collisions.count == 1)
        #expect(Self.isTried(1, in: book))
        #expect(!Self.isTried(2, in: book))
        book.resolveCollisions(now: later)
        #expect(book.collisions.isEmpty)
        #expect(Self.isTried(1, in: book))
    }

    @Test("loses its place a minute after a call that it did not answer")
    func silent() throws {
        var book = AddressBookTests.book()
        let start = AddressBookTests.start
        let (holder, rival) = try Self.rivals(in: &book, now: start)
        let later = start.adding(milliseconds: 4 * AddressBookTests.hour)
        book.answered(rival, identity: AddressBookTests.node(2), way: .peers, now: later)
        book.resolveCollisions(now: later)
        #expect(book.collisions.count == 1)
        #expect(book.testTarget(now: later)?.address == holder)
        book.called(holder, identity: AddressBookTests.node(1), now: later)
        #expect(book.testTarget(now: later) == nil)
        book.resolveCollisions(now: later.adding(milliseconds: Self.minute - 1))
        #expect(Self.isTried(1, in: book))
        book.resolveCollisions(now: later.adding(milliseconds: Self.minute))
        #expect(Self.isTried(2, in: book))
        #expect(!Self.isTried(1, in: book))
        #expect(book.place(of: AddressBookTests.node(1)) != nil)
        #expect(book.collisions.isEmpty)
        #expect(book.triedCount == 1)
    }

    @Test("loses its place after 40 minutes in which nobody tried it")
    func untested() throws {
        var book = AddressBookTests.book()
        let start = AddressBookTests.start
        let (_, rival) = try Self.rivals(in: &book, now: start)
        let later = start.adding(milliseconds: 5 * AddressBookTests.hour)
        book.answered(rival, identity: AddressBookTests.node(2), way: .peers, now: later)
        book.resolveCollisions(now: later.adding(milliseconds: 40 * Self.minute - 1))
        #expect(Self.isTried(1, in: book))
        book.resolveCollisions(now: later.adding(milliseconds: 40 * Self.minute))
        #expect(Self.isTried(2, in: book))
    }

    @Test("has few rivals that wait at a time")
    func waiting() {
        var book = AddressBookTests.book()
        for number in 0..<2_000 as Range<UInt64> {
            book.answered(
                AddressBookTests.host(0x0b0b_0000 + UInt32(number)),
                identity: AddressBookTests.node(number),
                way: .peers,
                now: AddressBookTests.start
            )
        }
        #expect(book.collisions.count == AddressBook.collisionLimit)
    }
}
