public import PhiCrypto

/// The part of a growing tree that is needed to append to it and to know its root.
///
/// It is the root of each perfect subtree, one for each bit of the number of leaves.
public struct MerkleFrontier: Hashable, Sendable {
    /// The most leaves that a tree may have.
    ///
    /// No chain reaches it: it is 2^30 leaves for each height that a header can carry.
    public static let maximumCount: UInt64 = 1 << 62

    /// A subtree that will not change any more.
    public struct Subtree: Hashable, Sendable, BitwiseCopyable {
        /// The binary logarithm of the number of leaves.
        public let level: Int
        /// The place among the subtrees of this level.
        public let index: UInt64
        /// The hash at the top.
        public let root: Digest
    }

    /// The number of leaves.
    public private(set) var count: UInt64
    /// The roots from left to right, so from the largest subtree to the smallest.
    private var peaks: [Digest]

    /// The frontier of a tree without leaves.
    public init() {
        count = 0
        peaks = []
    }

    /// The frontier of a tree whose subtrees are kept in a store.
    ///
    /// - Parameters:
    ///   - count: The number of leaves.
    ///   - node: Gives the root of a perfect subtree by level and index.
    /// - Throws: What the source of nodes throws.
    public init<Failure: Error>(
        count: UInt64,
        node: (_ level: Int, _ index: UInt64) throws(Failure) -> Digest
    ) throws(Failure) {
        precondition(count <= MerkleFrontier.maximumCount, "no chain has so many leaves")
        self.count = count
        peaks = []
        for level in MerkleFrontier.levels(of: count).reversed() {
            peaks.append(try node(level, (count >> level) - 1))
        }
    }

    /// Reads what `encoded` wrote.
    ///
    /// - Parameter bytes: The number of leaves as eight little-endian bytes, then the roots.
    /// - Throws: The rule that the bytes break.
    public init(decoding bytes: [UInt8]) throws(MerkleFrontierFailure) {
        guard bytes.count >= 8 else { throw .length(found: bytes.count, expected: 8) }
        let count = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard count <= MerkleFrontier.maximumCount else {
            throw .tooManyLeaves(found: count, limit: MerkleFrontier.maximumCount)
        }
        let expected = 8 + 32 * count.nonzeroBitCount
        guard bytes.count == expected else {
            throw .length(found: bytes.count, expected: expected)
        }
        self.count = count
        peaks = stride(from: 8, to: expected, by: 32).reversed().map {
            Digest(reading: bytes, at: $0)
        }
    }

    /// The number of leaves as eight little-endian bytes, then the roots from right to left.
    public var encoded: [UInt8] {
        let prefix = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        return prefix + roots.flatMap(\.bytes)
    }

    /// The roots of the perfect subtrees from right to left, so from the smallest to the largest.
    public var roots: [Digest] { peaks.reversed() }

    /// The root of the whole tree.
    public var root: Digest {
        guard var root = peaks.last else { return MerkleTree.emptyRoot }
        for peak in peaks.dropLast().reversed() { root = MerkleTree.node(peak, root) }
        return root
    }

    /// Appends a leaf.
    ///
    /// - Parameter leaf: The hash of the leaf.
    /// - Returns: The subtrees that the leaf completes, from the leaf itself up.
    @discardableResult
    public mutating func append(leaf: Digest) -> [Subtree] {
        precondition(count < MerkleFrontier.maximumCount, "no chain has so many leaves")
        var completed = [Subtree(level: 0, index: count, root: leaf)]
        var root = leaf
        for level in 0..<(~count).trailingZeroBitCount {
            root = MerkleTree.node(peaks.removeLast(), root)
            completed.append(
                Subtree(level: level + 1, index: count >> (level + 1), root: root)
            )
        }
        peaks.append(root)
        count += 1
        return completed
    }

    /// Appends all leaves of a perfect subtree at once.
    ///
    /// - Parameters:
    ///   - root: The hash at the top of the subtree.
    ///   - level: The binary logarithm of the number of its leaves, which divides `count`.
    public mutating func append(subtree root: Digest, level: Int) {
        precondition((0..<62).contains(level), "no chain has so many leaves")
        precondition(count & ((1 << level) - 1) == 0, "a subtree begins where one of its size ends")
        precondition(count < MerkleFrontier.maximumCount, "no chain has so many leaves")
        var root = root
        for _ in 0..<(~(count >> level)).trailingZeroBitCount {
            root = MerkleTree.node(peaks.removeLast(), root)
        }
        peaks.append(root)
        count += 1 << level
    }

    /// Leaves out what lies past the last whole subtree of a size.
    ///
    /// - Parameter level: The binary logarithm of the number of leaves of such a subtree.
    /// - Returns: The frontier over the rest.
    public func wholeSubtrees(level: Int) -> MerkleFrontier {
        var whole = self
        whole.count = (count >> level) << level
        whole.peaks.removeLast((count - whole.count).nonzeroBitCount)
        return whole
    }

    /// The levels of the perfect subtrees of a tree, from the smallest to the largest.
    static func levels(of count: UInt64) -> [Int] {
        (0..<UInt64.bitWidth).filter { count >> $0 & 1 == 1 }
    }
}

/// The rules that the bytes of a frontier can break.
public enum MerkleFrontierFailure: Error, Equatable, Sendable {
    /// The number of bytes does not follow from the number of leaves.
    case length(found: Int, expected: Int)
    /// The tree has more leaves than any chain can bring.
    case tooManyLeaves(found: UInt64, limit: UInt64)
}
