import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("The book of addresses") struct AddressBookTests {
    static let start = Timestamp(milliseconds: 1_700_000_000_000)
    static let hour: UInt64 = 3_600_000

    static func book(isLocal: Bool = false, seed: UInt64 = 1) -> AddressBook {
        var chance = SeededChance(seed: seed)
        return AddressBook(key: PlacingKey(from: &chance, isLocal: isLocal))
    }

    static func node(_ number: UInt64) -> VerifyingKey {
        VerifyingKey(words: FourWords(number, number, 7, 9))
    }

    static func host(_ bits: UInt32, port: UInt16 = 7_447) -> PeerAddress {
        PeerAddress(version4: bits, port: port)
    }

    static func record(
        of name: String,
        at addresses: [PeerAddress],
        signedAt now: Timestamp
    ) throws -> NodeRecord {
        let draft = NodeRecordDraft(
            flags: [.full, .dialable],
            signedAt: now,
            validity: 24 * hour,
            servesFrom: .genesis,
            addresses: addresses
        )
        let key = try SigningKey(seed: TestKey(name).seed)
        return try draft.signed(by: key, chain: TestBench.network.chain)
    }

    @discardableResult
    static func hear(
        _ book: inout AddressBook,
        _ number: UInt64,
        at address: PeerAddress,
        from source: PeerAddress,
        now: Timestamp = start
    ) -> Bool {
        var chance = SeededChance(seed: number)
        return book.heard(
            of: address,
            identity: node(number),
            from: source.group,
            way: .peers,
            now: now,
            chance: &chance
        )
    }

    static func touched(_ book: AddressBook) -> Int { book.newCounts.filter { $0 > 0 }.count }

    @Test("lets one source touch 16 of its buckets, however much that source tells")
    func poisoning() {
        var book = Self.book()
        for number in 0..<100_000 as Range<UInt64> {
            let address = Self.host(0x0b00_0000 &+ UInt32(number) &* 40_503)
            Self.hear(&book, number, at: address, from: Self.host(0x3000_0001))
        }
        #expect(Self.touched(book) <= AddressBook.newBucketsPerSource)
        #expect(Self.touched(book) > 8)
        #expect(book.count <= AddressBook.newBucketsPerSource * AddressBook.bucketSize)
        for source in 0..<200 as Range<UInt32> {
            let address = Self.host(0x5000_0000 + source)
            let group = Self.host(0x6000_0000 + source << 16)
            Self.hear(&book, 1_000_000 + UInt64(source), at: address, from: group)
        }
        #expect(Self.touched(book) > AddressBook.newBucketsPerSource)
    }

    @Test("lets the addresses of one network touch 4 buckets once they answered")
    func triedGroups() {
        var book = Self.book()
        for number in 0..<2_000 as Range<UInt64> {
            let address = Self.host(0x0b0b_0000 + UInt32(number))
            book.answered(
                address,
                identity: Self.node(number),
                way: .peers,
                now: Self.start,
                tests: false
            )
        }
        #expect(book.triedCounts.filter { $0 > 0 }.count <= AddressBook.triedBucketsPerGroup)
        #expect(book.triedCount <= AddressBook.triedBucketsPerGroup * AddressBook.bucketSize)
    }

    @Test("gives all nodes of one host one place, except where all nodes are on one machine")
    func hosts() {
        for isLocal in [false, true] {
            var book = Self.book(isLocal: isLocal)
            let ports = 1...20 as ClosedRange<UInt16>
            for port in ports {
                let address = Self.host(0x0b00_0001, port: port)
                Self.hear(&book, UInt64(port), at: address, from: Self.host(0x3000_0001))
            }
            #expect(isLocal ? book.count > 10 : book.count == 1)
        }
    }

    @Test("has one entry for a node with two addresses, and calls one after the other")
    func twoAddresses() throws {
        var book = Self.book()
        var chance = SeededChance(seed: 1)
        let both = [Self.host(0x0b00_0001), Self.host(0x0c00_0001)]
        let record = try Self.record(of: "far", at: both, signedAt: Self.start)
        book.learn(
            record,
            from: both[0].group,
            way: .peers,
            now: Self.start,
            chance: &chance
        )
        #expect(book.count == 1)
        #expect(book.place(of: record.identity)?.callable == both[0])
        book.failed(
            both[0],
            identity: record.identity,
            counts: true,
            now: Self.start,
            chance: &chance
        )
        #expect(book.place(of: record.identity)?.callable == both[1])
        book.answered(both[1], identity: record.identity, way: .peers, now: Self.start)
        #expect(book.count == 1)
        #expect(book.triedCount == 1)
        #expect(book.place(of: record.identity)?.callable == both[1])
    }

    @Test("does not let a claim displace a node that answered at the address")
    func claims() throws {
        var book = Self.book()
        var chance = SeededChance(seed: 1)
        let address = Self.host(0x0b00_0001)
        book.answered(address, identity: Self.node(1), way: .peers, now: Self.start)
        let claim = try Self.record(of: "liar", at: [address], signedAt: Self.start)
        book.learn(
            claim,
            from: Self.host(0x3000_0001).group,
            way: .peers,
            now: Self.start,
            chance: &chance
        )
        #expect(book.place(of: Self.node(1))?.isTried == true)
        #expect(book.place(of: Self.node(1))?.callable == address)
        #expect(book.place(of: claim.identity)?.isTried == false)
        for _ in 0..<3 {
            let later = Self.start.adding(milliseconds: Self.hour)
            book.failed(
                address,
                identity: claim.identity,
                counts: true,
                now: later,
                chance: &chance
            )
        }
        #expect(book.place(of: claim.identity) == nil)
        #expect(book.place(of: Self.node(1))?.isTried == true)
    }

    @Test("refers to one entry from 4 slots at most")
    func references() {
        var book = Self.book()
        let address = Self.host(0x0b00_0001)
        for source in 0..<2_000 as Range<UInt32> {
            var chance = SeededChance(seed: UInt64(source))
            book.heard(
                of: address,
                identity: Self.node(1),
                from: Self.host(0x3000_0000 + source << 16).group,
                way: .peers,
                now: Self.start,
                chance: &chance
            )
        }
        #expect(book.count == 1)
        #expect(book.place(of: Self.node(1))?.slots.count == AddressBook.referenceLimit)
        #expect(book.newCounts.reduce(0, +) == AddressBook.referenceLimit)
    }

    @Test("gives up an address that never answered at the third call that counts")
    func neverGood() {
        var book = Self.book()
        var chance = SeededChance(seed: 1)
        let address = Self.host(0x0b00_0001)
        Self.hear(&book, 1, at: address, from: address)
        for counts in [true, false, false, true] {
            book.failed(
                address,
                identity: Self.node(1),
                counts: counts,
                now: Self.start,
                chance: &chance
            )
        }
        #expect(book.count == 1)
        book.failed(
            address,
            identity: Self.node(1),
            counts: true,
            now: Self.start,
            chance: &chance
        )
        #expect(book.count == 0)
    }

    @Test("finds an entry terrible by its failures and its silence")
    func terrible() {
        var place = Place(
            address: Self.host(0x0b00_0001),
            identity: nil,
            record: nil,
            way: .peers,
            source: Self.host(0x0b00_0001).group,
            firstSeen: Self.start,
            lastSeen: Self.start
        )
        let fortnight: UInt64 = 14 * 24 * Self.hour
        #expect(!place.isTerrible(at: Self.start.adding(milliseconds: fortnight)))
        #expect(place.isTerrible(at: Self.start.adding(milliseconds: fortnight + 1)))
        place.lastTry = Self.start.adding(milliseconds: fortnight)
        #expect(!place.isTerrible(at: Self.start.adding(milliseconds: fortnight + 59_999)))
        #expect(place.isTerrible(at: Self.start.adding(milliseconds: fortnight + 60_000)))
        place.lastTry = .zero
        place.lastSuccess = Self.start
        place.failures = 9
        let week: UInt64 = 7 * 24 * Self.hour
        #expect(!place.isTerrible(at: Self.start.adding(milliseconds: week + 1)))
        place.failures = 10
        #expect(!place.isTerrible(at: Self.start.adding(milliseconds: week)))
        #expect(place.isTerrible(at: Self.start.adding(milliseconds: week + 1)))
    }

    @Test("chooses an entry the more seldom the oftener it failed")
    func chances() {
        var place = Place(
            address: Self.host(0x0b00_0001),
            identity: nil,
            record: nil,
            way: .peers,
            source: Self.host(0x0b00_0001).group,
            firstSeen: Self.start,
            lastSeen: Self.start
        )
        #expect(place.chance(at: Self.start) == 1_000)
        place.failures = 1
        #expect(place.chance(at: Self.start) == 660)
        place.failures = 2
        #expect(place.chance(at: Self.start) == 435)
        place.failures = 255
        #expect(place.chance(at: Self.start) == 34)
        place.lastTry = Self.start
        #expect(place.chance(at: Self.start.adding(milliseconds: 599_999)) == 1)
        #expect(place.chance(at: Self.start.adding(milliseconds: 600_000)) == 34)
        place.failures = 0
        #expect(place.chance(at: Self.start) == 10)
    }
}
