public import PhiCrypto

extension MerkleProof {
    /// The path that proves one leaf of a tree whose subtrees are kept in a store.
    ///
    /// - Parameters:
    ///   - index: The place of the leaf.
    ///   - size: The number of leaves of the tree.
    ///   - node: Gives the root of a perfect subtree by level and index. It is asked only for
    ///     subtrees that are complete within the size.
    /// - Returns: The hashes from the leaf's sibling up.
    /// - Throws: What the source of nodes throws.
    public static func inclusionPath<Failure: Error>(
        index: UInt64,
        size: UInt64,
        node: (_ level: Int, _ index: UInt64) throws(Failure) -> Digest
    ) throws(Failure) -> [Digest] {
        precondition(index < size, "the path starts at a leaf of the tree")
        return try siblings(level: 0, index: index, size: size, node: node)
    }

    /// The path that proves that a tree continues an earlier one, from a store of subtrees.
    ///
    /// - Parameters:
    ///   - first: The number of leaves of the earlier tree, one at least.
    ///   - second: The number of leaves of the later tree.
    ///   - node: Gives the root of a perfect subtree by level and index.
    /// - Returns: The hashes of the proof.
    /// - Throws: What the source of nodes throws.
    public static func consistencyPath<Failure: Error>(
        first: UInt64,
        second: UInt64,
        node: (_ level: Int, _ index: UInt64) throws(Failure) -> Digest
    ) throws(Failure) -> [Digest] {
        precondition(first > 0 && first <= second, "the earlier tree is a part of the later")
        guard first < second else { return [] }
        // The proof is the last perfect subtree of the earlier tree and its path in the later.
        // A subtree that is the whole earlier tree is known to the reader and left out.
        let level = first.trailingZeroBitCount
        let index = (first - 1) >> level
        let path = try siblings(level: level, index: index, size: second, node: node)
        return index == 0 ? path : [try node(level, index)] + path
    }

    /// The siblings on the way from a perfect subtree to the root.
    private static func siblings<Failure: Error>(
        level: Int,
        index: UInt64,
        size: UInt64,
        node: (_ level: Int, _ index: UInt64) throws(Failure) -> Digest
    ) throws(Failure) -> [Digest] {
        var path: [Digest] = []
        var level = level
        var place = index
        var last = (size - 1) >> level
        while last > 0 {
            let sibling = place ^ 1
            if sibling < last {
                path.append(try node(level, sibling))
            } else if sibling == last {
                path.append(try tail(level: level, index: sibling, size: size, node: node))
            }
            level += 1
            place >>= 1
            last >>= 1
        }
        return path
    }

    /// The root over the leaves from the start of a subtree to the end of the tree.
    private static func tail<Failure: Error>(
        level: Int,
        index: UInt64,
        size: UInt64,
        node: (_ level: Int, _ index: UInt64) throws(Failure) -> Digest
    ) throws(Failure) -> Digest {
        let start = index << level
        var root: Digest?
        for part in MerkleFrontier.levels(of: size - start) {
            let subtree = try node(part, (size >> part) - 1)
            root = root.map { MerkleTree.node(subtree, $0) } ?? subtree
        }
        return root ?? MerkleTree.emptyRoot
    }
}
