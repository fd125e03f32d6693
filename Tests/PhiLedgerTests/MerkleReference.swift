import PhiCrypto
import PhiLedger

/// The definitions of RFC 6962 section 2.1, word for word and without regard to speed.
enum MerkleReference {
    /// Leaves that differ from each other.
    static func leaves(_ count: Int) -> [Digest] {
        (0..<count).map { MerkleTree.leaf([UInt8($0 & 255), UInt8($0 >> 8)]) }
    }

    /// The tree hash, MTH.
    static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        guard leaves.count > 1 else { return leaves.first ?? SHA256.hash([]) }
        let (left, right) = halves(leaves)
        return MerkleTree.node(root(left), root(right))
    }

    /// The audit path, PATH.
    static func path(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        guard leaves.count > 1 else { return [] }
        let (left, right) = halves(leaves)
        return index < left.count
            ? path(index, left) + [root(right)]
            : path(index - left.count, right) + [root(left)]
    }

    /// The consistency proof, SUBPROOF.
    static func proof(_ first: Int, _ leaves: ArraySlice<Digest>, whole: Bool = true) -> [Digest] {
        guard first < leaves.count else { return whole ? [] : [root(leaves)] }
        let (left, right) = halves(leaves)
        return first <= left.count
            ? proof(first, left, whole: whole) + [root(right)]
            : proof(first - left.count, right, whole: false) + [root(left)]
    }

    private static func halves(
        _ leaves: ArraySlice<Digest>
    ) -> (ArraySlice<Digest>, ArraySlice<Digest>) {
        var size = 1
        while size * 2 < leaves.count { size *= 2 }
        return (leaves.prefix(size), leaves.dropFirst(size))
    }
}
