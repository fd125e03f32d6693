import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("A listing of buckets") struct BucketListingTests {
    private func body(_ logarithm: UInt8, count: UInt16, _ buckets: [(UInt16, [Digest])]) -> [UInt8]
    {
        var bytes = [logarithm]
        bytes.append(littleEndian: count)
        for (index, leaves) in buckets {
            bytes.append(littleEndian: index)
            bytes.append(littleEndian: UInt16(leaves.count))
            for leaf in leaves { leaf.append(to: &bytes) }
        }
        return bytes
    }

    private func expect(_ failure: DecodingFailure, _ bytes: [UInt8]) {
        #expect(throws: WireFailure.decoding(type: .buckets, failure)) {
            try Message.decode(.buckets, bytes)
        }
    }

    private func leaf(_ first: UInt8, _ last: UInt8 = 0) throws -> Digest {
        try #require(Digest([first] + [UInt8](repeating: 0, count: 30) + [last]))
    }

    @Test("may say that a bucket is empty") func emptyBucket() throws {
        let bytes = body(10, count: 2, [(0, []), (1_023, [])])
        #expect(try Message.decode(.buckets, bytes).encodedBody() == bytes)
    }

    @Test("may have every bucket, and no more") func bucketCount() throws {
        let all = body(10, count: 1_024, (0..<1_024).map { ($0, []) })
        #expect(try Message.decode(.buckets, all).encodedBody() == all)
        expect(
            .overLimit(field: "bucket count", limit: 1_024, found: 1_025),
            body(10, count: 1_025, (0..<1_025).map { ($0, []) })
        )
        expect(
            .overLimit(field: "bucket count", limit: 1, found: 2),
            body(0, count: 2, [(0, []), (1, [])])
        )
        expect(.underLimit(field: "bucket count", limit: 1, found: 0), body(3, count: 0, []))
    }

    @Test("has 1,024 buckets at most") func logarithm() {
        expect(
            .overLimit(field: "bucket logarithm", limit: 10, found: 11),
            body(11, count: 1, [(0, [])])
        )
        let sketch = [11] + [UInt8](repeating: 0, count: 8_192)
        let over = DecodingFailure.overLimit(field: "bucket logarithm", limit: 10, found: 11)
        #expect(throws: WireFailure.decoding(type: .sketch, over)) {
            try Message.decode(.sketch, sketch)
        }
        #expect(throws: Never.self) { try Message.decode(.sketch, [10] + sketch.dropFirst()) }
    }

    @Test("has buckets that exist, each once, in rising order") func indices() {
        expect(
            .overLimit(field: "bucket index", limit: 7, found: 8),
            body(3, count: 1, [(8, [])])
        )
        expect(
            .notAscending(field: "bucket index", index: 1),
            body(3, count: 2, [(5, []), (5, [])])
        )
        expect(
            .notAscending(field: "bucket index", index: 2),
            body(3, count: 3, [(4, []), (5, []), (3, [])])
        )
    }

    @Test("has leaf hashes each once and in rising order") func leaves() throws {
        let (low, high) = (try leaf(0x20, 1), try leaf(0x20, 2))
        let good = body(3, count: 1, [(1, [low, high])])
        #expect(try Message.decode(.buckets, good).encodedBody() == good)
        for disorder in [[low, low], [high, low]] {
            expect(
                .notAscending(field: "bucket leaf", index: 1),
                body(3, count: 1, [(1, disorder)])
            )
        }
    }

    @Test("has leaf hashes in their own buckets alone") func home() throws {
        expect(
            .mismatch(field: "bucket of leaf", expected: 1, found: 2),
            body(3, count: 1, [(1, [try leaf(0x3f), try leaf(0x40)])])
        )
        expect(
            .mismatch(field: "bucket of leaf", expected: 1, found: 0),
            body(3, count: 1, [(1, [try leaf(0x1f)])])
        )
    }

    @Test("has 8,191 leaf hashes in a bucket at most") func leafCount() {
        let bytes = body(0, count: 1, [(0, Sample.leaves(8_192))])
        #expect(bytes.count > MessageType.buckets.bodyLimit)
        expect(
            .overLimit(field: "bucket leaf count", limit: 8_191, found: 8_192),
            Array(bytes.dropLast(32))
        )
    }
}
