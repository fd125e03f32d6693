import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A stamp") struct StampTests {
    static let parameters = TestNetwork.make(stampRate: 3).parameters
    static let id = SHA256.hash([1, 2, 3])

    @Test(
        "costs its factor times rate times size",
        arguments: [
            (EntryKind.message, 0, 4), (.message, 1, 1), (.message, UInt64.max, 1),
            (.open, 0, 64), (.open, 7, 64), (.join, 0, 4),
            (.admit, 1, 1), (.revoke, 1, 1), (.close, 1, 1), (.approve, 1, 1),
            (.admit, 0, 4), (.revoke, 0, 4), (.close, 0, 4), (.approve, 0, 4),
        ] as [(EntryKind, UInt64, UInt64)]
    )
    func price(kind: EntryKind, sequence: UInt64, factor: UInt64) {
        for count in [16, 17, 1_000, 32_768] as [UInt32] {
            let work = Stamp.minimumWork(
                kind: kind,
                sequence: sequence,
                payloadByteCount: count,
                parameters: Self.parameters
            )
            #expect(work == factor * 3 * (284 + UInt64(count) + 1_024))
        }
    }

    @Test("costs its factor where the rate is zero", arguments: EntryKind.allCases)
    func freeNetwork(kind: EntryKind) {
        let parameters = TestNetwork.make(stampRate: 0).parameters
        let work = Stamp.minimumWork(
            kind: kind,
            sequence: 1,
            payloadByteCount: 32_768,
            parameters: parameters
        )
        #expect(work == (kind == .open ? 64 : 1))
    }

    @Test("has a price without overflow at every parameter's limit")
    func largestPrice() {
        let parameters = TestNetwork.make { parameters in
            parameters.stampRate = 1_000_000
            parameters.stampBase = 1_000_000
        }.parameters
        let work = Stamp.minimumWork(
            kind: .open,
            sequence: 0,
            payloadByteCount: .max,
            parameters: parameters
        )
        #expect(work == 64 * 1_000_000 * (284 + 4_294_967_295 + 1_000_000))
    }

    @Test("is valid up to the floor of the largest number over the work", arguments: 1...40)
    func boundary(work: UInt64) throws {
        for nonce in 0..<50 as Range<UInt64> {
            let front = hashFront(work: work, nonce: nonce)
            #expect(
                Stamp.isValid(id: Self.id, work: work, nonce: nonce) == (front <= .max / work)
            )
        }
    }

    @Test("of no work is never valid")
    func noWork() {
        #expect(!Stamp.isValid(id: Self.id, work: 0, nonce: 0))
        #expect(Stamp.isValid(id: Self.id, work: 1, nonce: .max))
        #expect(Stamp.search(id: Self.id, work: 0, in: 5..<6) == 5)
    }

    @Test("of the largest work needs a hash whose front is at most one")
    func largestWork() {
        #expect(!Stamp.isValid(id: Self.id, work: .max, nonce: 0))
    }

    @Test("is found at its least nonce", arguments: [1, 2, 3, 100, 999] as [UInt64])
    func search(work: UInt64) throws {
        let found = try #require(Stamp.search(id: Self.id, work: work, in: 0..<1_000_000))
        #expect(Stamp.isValid(id: Self.id, work: work, nonce: found))
        let first = (0...found).first { Stamp.isValid(id: Self.id, work: work, nonce: $0) }
        #expect(first == found)
        #expect(Stamp.search(id: Self.id, work: work, in: 0..<found) == nil)
        let next = Stamp.search(id: Self.id, work: work, in: (found + 1)..<(found + 1_000_000))
        #expect(try #require(next) > found)
    }

    @Test("earns its declared work and no more")
    func lucky() throws {
        let network = TestNetwork.make(stampRate: 1)
        var author = TestAuthor("author", on: network)
        let entry = author.message("hello", in: SHA256.hash([9]))
        let least = entry.stampWork
        let lucky = try #require(Stamp.search(id: entry.id, work: least * 4, in: 0..<10_000_000))
        let size = 284 + UInt64(entry.payloadByteCount) + 1_024
        #expect(least == 4 * size)
        for (work, density) in [(least, 4), (least * 4, 16), (least * 2 - 1, 7)] {
            let stamped = entry.restamped(work: work, nonce: lucky)
            // A hash good enough for much work still is no stamp for less: the work is hashed too.
            let isValid = Stamp.isValid(id: entry.id, work: work, nonce: lucky)
            #expect(isValid == (hashFront(id: entry.id, work: work, nonce: lucky) <= .max / work))
            #expect(Stamp.density(of: stamped, parameters: network.parameters) == density)
            #expect(stamped.id == entry.id)
        }
    }

    @Test("is checked against the least work and one less")
    func minimum() throws {
        let network = TestNetwork.make(stampRate: 1)
        let author = TestAuthor("author", on: network)
        let payload = [UInt8](repeating: 7, count: 16)
        let draft = author.draft(.message, in: SHA256.hash([9]), payload: payload)
        let least: UInt64 = 4 * (284 + 16 + 1_024)
        for work in [least, least + 1] {
            let entry = author.sealed(draft, work: work)
            #expect(try ValidEntry(judging: entry, on: network).entry.stampWork == work)
        }
        for work in [0, 1, least - 1] {
            let entry = author.sealed(draft, work: work, nonce: 0)
            #expect(throws: EntryViolation.stampBelowMinimum(minimum: least, found: work)) {
                try ValidEntry(judging: entry, on: network)
            }
        }
    }

    /// The first eight bytes of the hash, computed as the protocol writes it down.
    private func hashFront(id: Digest = id, work: UInt64, nonce: UInt64) -> UInt64 {
        var bytes = Array("phi/stamp/v1".utf8) + [0, 0, 0, 0] + id.bytes
        bytes += [UInt8](repeating: 0, count: 28)
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: work >> (8 * shift))) }
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: nonce >> (8 * shift))) }
        let hash = SHA256.hash(SHA256.hash(bytes).bytes).bytes
        return hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
