public import PhiCrypto

/// The hash tree of RFC 6962, for the entries of a block and for the headers of a chain.
///
/// Leaves and nodes have different prefixes, and an odd subtree moves up as it is instead of being
/// doubled. So neither a node can pass for a leaf nor two lists have one root.
public enum MerkleTree {
    /// The root of a tree without leaves, the hash of nothing.
    public static let emptyRoot = SHA256.hash([])

    /// The hash of a leaf that is a part of some bytes.
    public static func leaf(_ bytes: [UInt8], in range: Range<Int>) -> Digest {
        SHA256.hash(prefix: 0x00, bytes, in: range)
    }

    /// The hash of a leaf.
    public static func leaf(_ bytes: [UInt8]) -> Digest {
        leaf(bytes, in: bytes.indices)
    }

    /// The hash of a node over its two subtrees.
    public static func node(_ left: Digest, _ right: Digest) -> Digest {
        SHA256.hash(prefix: 0x01, left, right)
    }

    /// The root over hashes of leaves.
    public static func root(ofLeaves leaves: [Digest]) -> Digest {
        guard !leaves.isEmpty else { return emptyRoot }
        var row = leaves
        var count = leaves.count
        // Pairing row by row, with an odd last one moved up, splits at the largest power of two.
        while count > 1 {
            let pairs = count / 2
            for index in 0..<pairs { row[index] = node(row[2 * index], row[2 * index + 1]) }
            if !count.isMultiple(of: 2) { row[pairs] = row[count - 1] }
            count -= pairs
        }
        return row[0]
    }

    /// The path that proves one leaf of a tree, from the leaf's sibling up.
    ///
    /// - Parameters:
    ///   - index: The place of the leaf.
    ///   - leaves: The hashes of all leaves.
    /// - Returns: The path, empty for a tree of one leaf.
    public static func inclusionProof(index: Int, leaves: [Digest]) -> [Digest] {
        precondition(leaves.indices.contains(index), "the proof is about a leaf of the tree")
        let rows = perfectRows(over: leaves)
        return MerkleProof.inclusionPath(
            index: UInt64(index),
            size: UInt64(leaves.count)
        ) { level, index in rows[level][Int(index)] }
    }

    /// The path that proves that a tree continues the tree over its first leaves.
    ///
    /// - Parameters:
    ///   - first: The number of leaves of the earlier tree, one at least.
    ///   - leaves: The hashes of all leaves of the later tree.
    /// - Returns: The path, empty when both trees are one.
    public static func consistencyProof(first: Int, leaves: [Digest]) -> [Digest] {
        precondition((1...max(1, leaves.count)).contains(first), "the earlier tree is a part")
        let rows = perfectRows(over: leaves)
        return MerkleProof.consistencyPath(
            first: UInt64(first),
            second: UInt64(leaves.count)
        ) { level, index in rows[level][Int(index)] }
    }

    /// The roots of the perfect subtrees, one row for each level.
    private static func perfectRows(over leaves: [Digest]) -> [[Digest]] {
        var rows = [leaves]
        var last = leaves
        while last.count > 1 {
            last = (0..<(last.count / 2)).map { node(last[2 * $0], last[2 * $0 + 1]) }
            rows.append(last)
        }
        return rows
    }
}
