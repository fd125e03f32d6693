public import PhiCrypto

/// The checks of paths through a tree, as RFC 9162 defines them.
///
/// The length of a path follows from the sizes, so it is compared before anything is hashed.
public enum MerkleProof {
    /// The root that a path leads to from a leaf.
    ///
    /// - Parameters:
    ///   - index: The place of the leaf.
    ///   - size: The number of leaves of the tree.
    ///   - leaf: The hash of the leaf.
    ///   - path: The hashes from the leaf's sibling up.
    /// - Returns: The root, to be compared with the one that is trusted.
    /// - Throws: The rule that the path breaks.
    public static func root(
        index: UInt64,
        size: UInt64,
        leaf: Digest,
        path: [Digest]
    ) throws(MerkleProofFailure) -> Digest {
        guard index < size else { throw .indexOutsideTree(index: index, size: size) }
        try requireLength(of: path, stepCount(index: index, last: size - 1))
        var place = index
        var last = size - 1
        var hash = leaf
        for sibling in path {
            hash = climb(hash, sibling, place: &place, last: &last)
        }
        return hash
    }

    /// Checks that a tree continues an earlier one.
    ///
    /// - Parameters:
    ///   - first: The number of leaves of the earlier tree.
    ///   - second: The number of leaves of the later tree.
    ///   - firstRoot: The root of the earlier tree.
    ///   - secondRoot: The root of the later tree.
    ///   - path: The hashes of the proof.
    /// - Throws: The rule that the proof breaks.
    public static func verifyConsistency(
        first: UInt64,
        second: UInt64,
        firstRoot: Digest,
        secondRoot: Digest,
        path: [Digest]
    ) throws(MerkleProofFailure) {
        guard first > 0 else { throw .emptyFirstTree }
        guard first <= second else { throw .sizesReversed(first: first, second: second) }
        var rest = path[...]
        var firstHash = firstRoot
        var secondHash = firstRoot
        if first == second {
            try requireLength(of: path, 0)
        } else {
            // The path starts at the last perfect subtree of the earlier tree. It names that
            // subtree unless it is the whole earlier tree, whose root is known.
            let level = first.trailingZeroBitCount
            var place = (first - 1) >> level
            var last = (second - 1) >> level
            let named = place == 0 ? 0 : 1
            try requireLength(of: path, stepCount(index: place, last: last) + named)
            if named == 1 {
                firstHash = rest.removeFirst()
                secondHash = firstHash
            }
            for sibling in rest {
                if place & 1 == 1 || place == last {
                    firstHash = MerkleTree.node(sibling, firstHash)
                }
                secondHash = climb(secondHash, sibling, place: &place, last: &last)
            }
        }
        guard firstHash == firstRoot else {
            throw .firstRootDiffers(found: firstHash, expected: firstRoot)
        }
        guard secondHash == secondRoot else {
            throw .secondRootDiffers(found: secondHash, expected: secondRoot)
        }
    }

    /// Joins a hash with the next sibling of a path and moves up to where the next one belongs.
    ///
    /// - Parameters:
    ///   - hash: The hash so far.
    ///   - sibling: The next hash of the path.
    ///   - place: The place of the hash in its row.
    ///   - last: The last place of the row.
    /// - Returns: The hash over both.
    private static func climb(
        _ hash: Digest,
        _ sibling: Digest,
        place: inout UInt64,
        last: inout UInt64
    ) -> Digest {
        // The last of a row without a partner moves up to the row where it has one.
        if place == last {
            let rows = place.trailingZeroBitCount
            place >>= rows
            last >>= rows
        }
        let joined =
            place & 1 == 1 ? MerkleTree.node(sibling, hash) : MerkleTree.node(hash, sibling)
        place >>= 1
        last >>= 1
        return joined
    }

    /// The number of siblings between a place in a row and the root.
    private static func stepCount(index: UInt64, last: UInt64) -> Int {
        // Up to the row where the place meets the last one, each row has a sibling. From there
        // the place is the last one of its row and has a sibling where it is a right child.
        let inner = UInt64.bitWidth - (index ^ last).leadingZeroBitCount
        return inner + (index >> inner).nonzeroBitCount
    }

    private static func requireLength(
        of path: [Digest],
        _ expected: Int
    ) throws(MerkleProofFailure) {
        guard path.count >= expected else {
            throw .pathTooShort(found: path.count, needed: expected)
        }
        guard path.count <= expected else {
            throw .pathTooLong(found: path.count, limit: expected)
        }
    }
}

/// The rules that a path through a tree can break.
public enum MerkleProofFailure: Error, Equatable, Sendable {
    /// The tree has no leaf at the place.
    case indexOutsideTree(index: UInt64, size: UInt64)
    /// The path ends below the root.
    case pathTooShort(found: Int, needed: Int)
    /// The path goes on above the root.
    case pathTooLong(found: Int, limit: Int)
    /// Every tree continues the empty one, so that proof would say nothing.
    case emptyFirstTree
    /// The earlier tree is the larger.
    case sizesReversed(first: UInt64, second: UInt64)
    /// The path does not lead to the root of the earlier tree.
    case firstRootDiffers(found: Digest, expected: Digest)
    /// The path does not lead to the root of the later tree.
    case secondRootDiffers(found: Digest, expected: Digest)
}
