import PhiCrypto
import Testing

/// A search whose hashes are computed one by one by libcrypto.
private struct KnownSearch {
    let prefix: [UInt8]
    let tail: [UInt8]
    let start: UInt64
    let hashes: [Digest]

    init(blocks: Int, start: UInt64, count: Int, seed: UInt64) {
        var numbers = Sequence64(seed: seed)
        prefix = numbers.bytes(blocks * 64)
        tail = numbers.bytes(20)
        self.start = start
        let head = prefix + tail
        hashes = (0..<UInt64(count)).map { offset in
            let nonce = start + offset
            return SHA256.doubleHash(
                head + (0..<8).map { UInt8(truncatingIfNeeded: nonce >> ($0 * 8)) }
            )
        }
    }

    func find(_ target: Digest, in part: Range<Int>, using kind: HashSearch.Kind) -> UInt64? {
        HashSearch.firstNonce(
            prefix: prefix,
            tail: tail,
            target: target,
            in: (start + UInt64(part.lowerBound))..<(start + UInt64(part.upperBound)),
            using: kind
        )
    }

    func expected(_ target: Digest, in part: Range<Int>) -> UInt64? {
        hashes[part].firstIndex { $0 <= target }.map { start + UInt64($0) }
    }
}

/// The digest that comes just before another.
private func predecessor(of digest: Digest) -> Digest {
    var bytes = digest.bytes
    for index in bytes.indices.reversed() {
        bytes[index] &-= 1
        if bytes[index] != 0xff { break }
    }
    return Digest(reading: bytes, at: 0)
}

private let highest = Digest(reading: [UInt8](repeating: 0xff, count: 32), at: 0)

@Suite("A nonce search") struct HashSearchTests {
    /// Where the nonces start: at zero, inside, across a change of the upper half, at the end.
    static let starts: [UInt64] = [
        0, 0x0123_4567_89ab_cdef, (1 << 32) - 41, (7 << 32) - 16, .max - 100,
    ]

    @Test(
        "finds the least nonce for every target, with every loop",
        arguments: HashSearch.available,
        starts
    )
    func everyTarget(kind: HashSearch.Kind, start: UInt64) {
        for blocks in 0...3 {
            let search = KnownSearch(blocks: blocks, start: start, count: 100, seed: start)
            let all = search.hashes.indices
            for hash in search.hashes {
                for target in [hash, predecessor(of: hash)] {
                    #expect(
                        search.find(target, in: all, using: kind)
                            == search.expected(target, in: all)
                    )
                }
            }
        }
    }

    @Test("tries no nonce outside of its range", arguments: HashSearch.available, starts)
    func everyRange(kind: HashSearch.Kind, start: UInt64) {
        let search = KnownSearch(blocks: 2, start: start, count: 101, seed: 7)
        for count in 0...40 {
            for lower in [0, 1, 15, 16, 60] {
                let part = lower..<(lower + count)
                #expect(
                    search.find(highest, in: part, using: kind)
                        == search.expected(highest, in: part)
                )
                #expect(search.find(.zero, in: part, using: kind) == nil)
                // The last of the range, the one behind it and the one before it.
                for index in [lower + count - 1, lower + count, lower - 1] where index >= 0 {
                    let target = search.hashes[index]
                    #expect(
                        search.find(target, in: part, using: kind)
                            == search.expected(target, in: part)
                    )
                }
            }
        }
    }

    @Test("agrees with libcrypto over many nonces", arguments: HashSearch.available)
    func manyNonces(kind: HashSearch.Kind) throws {
        for (blocks, start) in [(1, (3 << 32) - 5000), (2, 0)] as [(Int, UInt64)] {
            let search = KnownSearch(blocks: blocks, start: start, count: 10_000, seed: 11)
            let all = search.hashes.indices
            let lowest = try #require(search.hashes.min())
            #expect(search.find(lowest, in: all, using: kind) == search.expected(lowest, in: all))
            #expect(search.find(predecessor(of: lowest), in: all, using: kind) == nil)
            var records: [Digest] = []
            for hash in search.hashes where records.last.map({ hash < $0 }) ?? true {
                records.append(hash)
            }
            for record in records {
                #expect(
                    search.find(record, in: all, using: kind) == search.expected(record, in: all)
                )
            }
        }
    }

    @Test("finds nothing in an empty range", arguments: HashSearch.available)
    func emptyRange(kind: HashSearch.Kind) {
        for bound in [0, 1 << 32, .max] as [UInt64] {
            let found = HashSearch.firstNonce(
                prefix: [],
                tail: [UInt8](repeating: 0, count: 20),
                target: highest,
                in: bound..<bound,
                using: kind
            )
            #expect(found == nil)
        }
    }

    @Test("ends at once in the widest range when the target is easy")
    func widestRange() {
        let found = HashSearch.firstNonce(
            prefix: [],
            tail: [UInt8](repeating: 0, count: 20),
            target: highest,
            in: 0..<UInt64.max
        )
        #expect(found == 0)
    }

    @Test("runs on the fastest of the loops that the processor has")
    func choice() {
        #expect(HashSearch.available.contains(.scalar))
        #expect(HashSearch.available.first == HashSearch.fastest)
        #expect(HashSearch.kind == HashSearch.fastest.rawValue)
    }

    @Test("takes whole blocks and a tail of 20 bytes alone")
    func lengths() async {
        await #expect(processExitsWith: .failure) {
            _ = HashSearch.firstNonce(
                prefix: [UInt8](repeating: 0, count: 65),
                tail: [UInt8](repeating: 0, count: 20),
                target: .zero,
                in: 0..<1
            )
        }
        await #expect(processExitsWith: .failure) {
            _ = HashSearch.firstNonce(
                prefix: [],
                tail: [UInt8](repeating: 0, count: 19),
                target: .zero,
                in: 0..<1
            )
        }
    }
}
