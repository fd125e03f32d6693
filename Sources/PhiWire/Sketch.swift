import PhiLedger

/// A short digest of a set of entries: their leaf hashes in buckets, eight bytes for each bucket.
///
/// Announcements get lost; two peers that compare sketches now and then find out what, at a cost
/// that does not grow with what they share.
public struct Sketch: Hashable, Sendable {
    /// The logarithm to base two of the number of buckets, 0 to 10.
    public let logarithm: UInt8
    /// The first eight bytes of the hash of each bucket, read little-endian; 0 for an empty one.
    public let buckets: [UInt64]

    init(logarithm: UInt8, buckets: [UInt64]) {
        self.logarithm = logarithm
        self.buckets = buckets
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        logarithm = try reader.integer("bucket logarithm", atMost: Limits.bucketLogarithm)
        var buckets: [UInt64] = []
        buckets.reserveCapacity(1 << Int(logarithm))
        for _ in 0..<1 << Int(logarithm) { buckets.append(try reader.integer("bucket digest")) }
        self.buckets = buckets
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(logarithm)
        for bucket in buckets { bytes.append(littleEndian: bucket) }
    }
}
