public import PhiCrypto
import PhiLedger

/// The leaf hashes of some buckets, as the answer to a sketch.
public struct BucketListing: Hashable, Sendable {
    /// One bucket, or a part of one that is too long for one message.
    public struct Bucket: Hashable, Sendable {
        /// The place of the bucket in a sketch.
        public let index: UInt16
        /// Leaf hashes that lie in the bucket, strictly ascending; none says that it is empty.
        public let leaves: [Digest]

        init(index: UInt16, leaves: [Digest]) {
            self.index = index
            self.leaves = leaves
        }

        var byteCount: Int { 4 + 32 * leaves.count }
    }

    /// Bytes before the first bucket.
    static let headByteCount = 3

    /// The logarithm to base two of the number of buckets, 0 to 10.
    public let logarithm: UInt8
    /// The buckets, their indices strictly ascending, one at least.
    public let buckets: [Bucket]

    init(logarithm: UInt8, buckets: [Bucket]) {
        self.logarithm = logarithm
        self.buckets = buckets
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        logarithm = try reader.integer("bucket logarithm", atMost: Limits.bucketLogarithm)
        let last = UInt16(1) << UInt16(logarithm) - 1
        let count = try reader.integer("bucket count", atMost: last + 1)
        guard count > 0 else { throw .underLimit(field: "bucket count", limit: 1, found: 0) }
        var buckets: [Bucket] = []
        for position in 0..<Int(count) {
            let index = try reader.integer("bucket index", atMost: last)
            if let before = buckets.last, index <= before.index {
                throw .notAscending(field: "bucket index", index: position)
            }
            buckets.append(try Self.bucket(index, logarithm: logarithm, from: &reader))
        }
        self.buckets = buckets
    }

    private static func bucket(
        _ index: UInt16,
        logarithm: UInt8,
        from reader: inout ByteReader
    ) throws(DecodingFailure) -> Bucket {
        let count = try reader.integer("bucket leaf count", atMost: Limits.bucketLeaves)
        var leaves: [Digest] = []
        for position in 0..<Int(count) {
            let leaf: Digest = try reader.fixed("bucket leaf")
            if let before = leaves.last, leaf <= before {
                throw .notAscending(field: "bucket leaf", index: position)
            }
            let home = Reconciliation.bucket(of: leaf, logarithm: logarithm)
            guard home == index else {
                throw .mismatch(
                    field: "bucket of leaf",
                    expected: UInt64(index),
                    found: UInt64(home)
                )
            }
            leaves.append(leaf)
        }
        return Bucket(index: index, leaves: leaves)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(logarithm)
        bytes.append(littleEndian: UInt16(buckets.count))
        for bucket in buckets {
            bytes.append(littleEndian: bucket.index)
            bytes.append(littleEndian: UInt16(bucket.leaves.count))
            for leaf in bucket.leaves { leaf.append(to: &bytes) }
        }
    }
}
