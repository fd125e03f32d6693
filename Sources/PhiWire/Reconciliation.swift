public import PhiCrypto
import PhiLedger

/// Finds what two sets of entries do not share, in a sketch and its answer.
///
/// One side sends a sketch; the other answers with its leaf hashes of the buckets that differ.
/// Then the first asks for what it lacks and announces what the other lacks.
public enum Reconciliation {
    /// Entries in a bucket on average, as long as the sketch can grow with the set.
    public static let bucketAim = 32

    private static let domain = Array("phi/sketch/1".utf8)

    /// The logarithm of the number of buckets for a set of so many entries.
    public static func logarithm(forCount count: Int) -> UInt8 {
        var logarithm: UInt8 = 0
        while logarithm < Limits.bucketLogarithm, count > bucketAim << Int(logarithm) {
            logarithm += 1
        }
        return logarithm
    }

    /// The bucket of a leaf hash: its first bits, the first byte first.
    public static func bucket(of leaf: Digest, logarithm: UInt8) -> UInt16 {
        let front = UInt16(leaf[0]) << 8 | UInt16(leaf[1])
        return front >> (16 - UInt16(logarithm))
    }

    /// The sketch of a set of leaf hashes.
    ///
    /// - Parameters:
    ///   - leaves: The leaf hashes, strictly ascending.
    ///   - logarithm: The logarithm of the number of buckets, 0 to 10.
    /// - Returns: A sketch that is the same wherever the set is the same.
    public static func sketch(of leaves: [Digest], logarithm: UInt8) -> Sketch {
        let buckets = ranges(of: leaves, logarithm: logarithm).map { range in
            range.isEmpty ? 0 : digest(of: leaves[range])
        }
        return Sketch(logarithm: logarithm, buckets: buckets)
    }

    /// The indices of the buckets in which two sketches of one size differ.
    public static func differingBuckets(_ mine: Sketch, _ theirs: Sketch) -> [UInt16] {
        precondition(mine.logarithm == theirs.logarithm, "sketches of one size are compared")
        return mine.buckets.indices
            .filter { mine.buckets[$0] != theirs.buckets[$0] }
            .map { UInt16($0) }
    }

    /// The answer to a sketch: all buckets that differ, in as many messages as they need.
    ///
    /// A bucket that is too long for one message is listed in parts. Whoever reads one part alone
    /// announces entries that the other has, and nothing is missed.
    ///
    /// - Parameters:
    ///   - theirs: The sketch of the other side.
    ///   - leaves: The own leaf hashes, strictly ascending.
    /// - Returns: The listings; none when the sets are equal.
    public static func answer(to theirs: Sketch, with leaves: [Digest]) -> [BucketListing] {
        let logarithm = theirs.logarithm
        let mine = sketch(of: leaves, logarithm: logarithm)
        let ranges = ranges(of: leaves, logarithm: logarithm)
        var parts: [BucketListing.Bucket] = []
        for index in differingBuckets(mine, theirs) {
            let range = ranges[Int(index)]
            var start = range.lowerBound
            repeat {
                let end = min(start + Int(Limits.bucketLeaves), range.upperBound)
                parts.append(BucketListing.Bucket(index: index, leaves: Array(leaves[start..<end])))
                start = end
            } while start < range.upperBound
        }
        return listings(of: parts, logarithm: logarithm)
    }

    /// What a listing shows about two sets, as far as its buckets go.
    ///
    /// - Parameters:
    ///   - theirs: The listing of the other side.
    ///   - leaves: The own leaf hashes, strictly ascending.
    /// - Returns: Leaf hashes that this side lacks, and those that the other lacks.
    public static func difference(
        between theirs: BucketListing,
        and leaves: [Digest]
    ) -> (lacking: [Digest], surplus: [Digest]) {
        let ranges = ranges(of: leaves, logarithm: theirs.logarithm)
        var lacking: [Digest] = []
        var surplus: [Digest] = []
        for bucket in theirs.buckets {
            let mine = leaves[ranges[Int(bucket.index)]]
            lacking += bucket.leaves.missing(from: mine)
            surplus += mine.missing(from: bucket.leaves)
        }
        return (lacking, surplus)
    }

    private static func listings(
        of parts: [BucketListing.Bucket],
        logarithm: UInt8
    ) -> [BucketListing] {
        var listings: [BucketListing] = []
        var batch: [BucketListing.Bucket] = []
        var byteCount = BucketListing.headByteCount
        for part in parts {
            // The first part of a long bucket fills a listing, so no listing has two parts of one.
            if byteCount + part.byteCount > Limits.bucketsByteCount {
                listings.append(BucketListing(logarithm: logarithm, buckets: batch))
                batch = []
                byteCount = BucketListing.headByteCount
            }
            batch.append(part)
            byteCount += part.byteCount
        }
        if !batch.isEmpty {
            listings.append(BucketListing(logarithm: logarithm, buckets: batch))
        }
        return listings
    }

    /// The stretch of each bucket in the ascending leaf hashes.
    private static func ranges(of leaves: [Digest], logarithm: UInt8) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for index in 0..<UInt16(1) << UInt16(logarithm) {
            var end = start
            while end < leaves.count, bucket(of: leaves[end], logarithm: logarithm) == index {
                end += 1
            }
            ranges.append(start..<end)
            start = end
        }
        precondition(start == leaves.count, "leaf hashes are handed over in ascending order")
        return ranges
    }

    private static func digest(of leaves: ArraySlice<Digest>) -> UInt64 {
        var bytes = domain
        bytes.reserveCapacity(domain.count + 32 * leaves.count)
        for leaf in leaves { leaf.append(to: &bytes) }
        return UInt64(littleEndian: SHA256.hash(bytes).words.first)
    }
}

extension RandomAccessCollection<Digest> {
    /// The elements of one ascending list that another one does not have.
    fileprivate func missing(from other: some RandomAccessCollection<Digest>) -> [Digest] {
        var missing: [Digest] = []
        var rest = other[...]
        for element in self {
            while let first = rest.first, first < element { rest = rest.dropFirst() }
            if rest.first != element { missing.append(element) }
        }
        return missing
    }
}
