import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("A book that was written down") struct AddressBookSnapshotTests {
    private static let chain = TestBench.network.chain

    private static func filled(_ count: UInt64 = 12) throws -> (AddressBook, [Anchor]) {
        var book = AddressBookTests.book()
        var chance = SeededChance(seed: 3)
        for number in 0..<count {
            let address = AddressBookTests.host(0x0b00_0001 + UInt32(number) << 16)
            if number % 3 == 0 {
                book.answered(
                    address,
                    identity: AddressBookTests.node(number),
                    way: .seed,
                    now: AddressBookTests.start
                )
            } else {
                AddressBookTests.hear(&book, number, at: address, from: address)
            }
        }
        let there = [AddressBookTests.host(0x7000_0001), AddressBookTests.host(0x7100_0001)]
        let record = try AddressBookTests.record(
            of: "far",
            at: there,
            signedAt: AddressBookTests.start
        )
        book.learn(
            record,
            from: there[0].group,
            way: .peers,
            now: AddressBookTests.start,
            chance: &chance
        )
        book.heard(
            of: AddressBookTests.host(0x7200_0001),
            identity: nil,
            from: there[0].group,
            way: .link,
            now: AddressBookTests.start,
            chance: &chance
        )
        let anchors = (1...4).map { number in
            Anchor(
                address: AddressBookTests.host(UInt32(number)),
                identity: AddressBookTests.node(UInt64(number)),
                isQuiet: number < 3
            )
        }
        return (book, anchors)
    }

    @Test("is the same when it is read back")
    func roundTrip() throws {
        let (book, anchors) = try Self.filled()
        let bytes = book.snapshot(anchors: anchors, chain: Self.chain)
        let found = try AddressBook.restored(bytes, chain: Self.chain, isLocal: false)
        #expect(found.anchors == anchors)
        #expect(found.book.count == book.count)
        #expect(found.book.triedCount == book.triedCount)
        #expect(found.book.newCounts == book.newCounts)
        #expect(found.book.triedCounts == book.triedCounts)
        #expect(found.book.key == book.key)
        #expect(found.book.groups == book.groups)
        #expect(found.book.records == book.records)
        #expect(found.book.snapshot(anchors: anchors, chain: Self.chain) == bytes)
    }

    @Test("is refused wherever it is cut off or changed")
    func damage() throws {
        let (book, anchors) = try Self.filled(2)
        let bytes = book.snapshot(anchors: anchors, chain: Self.chain)
        for count in 0..<bytes.count {
            #expect(throws: AddressBookFailure.self) {
                try AddressBook.restored(
                    Array(bytes[..<count]),
                    chain: Self.chain,
                    isLocal: false
                )
            }
        }
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 0x10
            #expect(throws: AddressBookFailure.self) {
                try AddressBook.restored(other, chain: Self.chain, isLocal: false)
            }
        }
        #expect(throws: AddressBookFailure.damaged) {
            try AddressBook.restored(bytes + [0], chain: Self.chain, isLocal: false)
        }
    }

    @Test("is refused though its sum is right, when a field is wrong or it lacks its end")
    func malformed() throws {
        let (book, anchors) = try Self.filled(2)
        let whole = book.snapshot(anchors: anchors, chain: Self.chain)
        let body = Array(whole.dropLast(32))
        let first = AddressBook.snapshotMark.count + 64
        for count in first..<body.count {
            let cut = Array(body[..<count])
            #expect(throws: AddressBookFailure.self) {
                try AddressBook.restored(
                    cut + SHA256.hash(cut).bytes,
                    chain: Self.chain,
                    isLocal: false
                )
            }
        }
        for index in body.indices {
            for bits in [0x01, 0x80, 0xff] as [UInt8] {
                var other = body
                other[index] ^= bits
                let summed = other + SHA256.hash(other).bytes
                _ = try? AddressBook.restored(summed, chain: Self.chain, isLocal: false)
            }
        }
    }

    @Test("belongs to one network and one version")
    func others() throws {
        let (book, anchors) = try Self.filled(2)
        let bytes = book.snapshot(anchors: anchors, chain: .zero)
        #expect(throws: AddressBookFailure.otherNetwork) {
            try AddressBook.restored(bytes, chain: Self.chain, isLocal: false)
        }
        #expect(throws: AddressBookFailure.otherFormat) {
            try AddressBook.restored([0, 206, 1], chain: Self.chain, isLocal: false)
        }
    }

    @Test("stays below its limit when every place is taken")
    func size() throws {
        var book = AddressBookTests.book()
        for number in 0..<60_000 as Range<UInt64> {
            let address = AddressBookTests.host(0x0b00_0000 &+ UInt32(number) &* 40_503)
            let source = AddressBookTests.host(UInt32(number % 500 + 256) << 16)
            AddressBookTests.hear(&book, number, at: address, from: source)
        }
        #expect(book.count > 6_000)
        #expect(book.count <= AddressBook.placeLimit)
        let longest = 19 + 1 + 1 + 16 + 32 + 1 + 2 + NodeRecord.maximumByteCount + 1 + 8
        #expect(AddressBook.placeLimit * longest + 1_000 < AddressBook.snapshotByteLimit)
    }
}
