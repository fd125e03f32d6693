import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("Reconciliation") struct ReconciliationTests {
    @Test("takes a finer sketch for more entries, about 32 to a bucket") func logarithm() {
        let rows = [
            (0, 0), (1, 0), (32, 0), (33, 1), (64, 1), (65, 2), (1_024, 5), (1_025, 6),
            (16_384, 9), (16_385, 10), (32_768, 10), (32_769, 10), (50_000, 10),
        ]
        for (count, expected) in rows {
            #expect(Reconciliation.logarithm(forCount: count) == UInt8(expected), "\(count)")
        }
        #expect(Reconciliation.logarithm(forCount: .max) == 10)
    }

    @Test("puts a leaf into the bucket of its first bits") func bucket() throws {
        let leaf = try #require(
            Digest([0b1010_0110, 0b1100_0000] + [UInt8](repeating: 0, count: 30))
        )
        let expected: [UInt16] = [
            0, 0b1, 0b10, 0b101, 0b1010, 0b1_0100, 0b10_1001, 0b101_0011, 0b1010_0110,
            0b1_0100_1101, 0b10_1001_1011,
        ]
        for (logarithm, bucket) in expected.enumerated() {
            #expect(Reconciliation.bucket(of: leaf, logarithm: UInt8(logarithm)) == bucket)
        }
    }

    @Test("sees no difference between equal sets", arguments: [0, 1, 40, 500]) func equal(
        count: Int
    ) {
        let leaves = Sample.leaves(count)
        for logarithm: UInt8 in 0...10 {
            let sketch = Reconciliation.sketch(of: leaves, logarithm: logarithm)
            #expect(sketch.buckets.count == 1 << Int(logarithm))
            #expect(Reconciliation.differingBuckets(sketch, sketch).isEmpty)
            #expect(Reconciliation.answer(to: sketch, with: leaves).isEmpty)
        }
    }

    @Test("has a zero for every empty bucket") func empty() {
        let none = Reconciliation.sketch(of: [], logarithm: 10)
        #expect(none.buckets == [UInt64](repeating: 0, count: 1_024))
        let one = Sample.leaves(1)
        let sketch = Reconciliation.sketch(of: one, logarithm: 10)
        let differing = Reconciliation.differingBuckets(none, sketch)
        #expect(differing == [Reconciliation.bucket(of: one[0], logarithm: 10)])
    }

    @Test("finds all that two sets do not share, over the wire", arguments: 0..<12)
    func difference(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let all = Sample.leaves(Int.random(in: 0...2_000, using: &generator))
        let share = Int.random(in: 1...200, using: &generator)
        let mine = all.filter { _ in Int.random(in: 0..<200, using: &generator) < share }
        let theirs = all.filter { _ in Int.random(in: 0..<200, using: &generator) < share }
        let logarithm = Reconciliation.logarithm(forCount: mine.count)
        let sketch = Reconciliation.sketch(of: mine, logarithm: logarithm)
        var lacking: [Digest] = []
        var surplus: [Digest] = []
        for listing in Reconciliation.answer(to: sketch, with: theirs) {
            let message = Message.buckets(listing)
            let received = try Message.decode(.buckets, message.encodedBody())
            guard received == message, case .buckets(let listing) = received else {
                Issue.record("a listing comes back from its bytes, seed \(seed)")
                return
            }
            let found = Reconciliation.difference(between: listing, and: mine)
            lacking += found.lacking
            surplus += found.surplus
        }
        #expect(Set(lacking) == Set(theirs).subtracting(mine), "seed \(seed)")
        #expect(Set(surplus) == Set(mine).subtracting(theirs), "seed \(seed)")
        #expect(lacking.count + surplus.count == Set(mine).symmetricDifference(theirs).count)
    }

    @Test("splits an answer over as many listings as it needs") func split() {
        let leaves = Sample.leaves(20_000)
        let none = Reconciliation.sketch(of: [], logarithm: 5)
        let listings = Reconciliation.answer(to: none, with: leaves)
        #expect(listings.count == 3)
        #expect(listings.flatMap { $0.buckets.map(\.index) } == Array(0..<32))
        #expect(listings.flatMap { $0.buckets.flatMap(\.leaves) } == leaves)
        for listing in listings {
            let count = Message.buckets(listing).encodedBody().count
            #expect(count <= MessageType.buckets.bodyLimit)
        }
    }

    @Test("splits one bucket that is too long for a listing, and misses nothing")
    func longBucket() throws {
        let limit = Int(Limits.bucketLeaves)
        #expect(limit == 8_191)
        let all = Sample.leaves(2 * limit + 1)
        let mine = Array(all[..<10])
        for (count, expected) in [
            (limit, [limit]), (limit + 1, [limit, 1]), (all.count, [limit, limit, 1]),
        ] {
            let sketch = Reconciliation.sketch(of: mine, logarithm: 0)
            let theirs = Array(all[..<count])
            let listings = Reconciliation.answer(to: sketch, with: theirs)
            #expect(listings.map { $0.buckets.map(\.leaves.count) } == expected.map { [$0] })
            let found = listings.map { Reconciliation.difference(between: $0, and: mine) }
            #expect(found.flatMap(\.lacking) == Array(theirs[10...]))
            for listing in listings {
                let body = Message.buckets(listing).encodedBody()
                #expect(try Message.decode(.buckets, body) == .buckets(listing))
            }
        }
    }

    @Test("ends the process when it is handed leaf hashes in disorder")
    func disorder() async {
        await #expect(processExitsWith: .failure) {
            _ = Reconciliation.sketch(of: Sample.leaves(50).reversed(), logarithm: 4)
        }
    }
}
