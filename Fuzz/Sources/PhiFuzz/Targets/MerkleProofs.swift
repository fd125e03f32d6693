import PhiCrypto
import PhiLedger

extension FuzzTarget {
    /// Paths through hash trees: honest ones hold, changed ones do not.
    static let merkleProofs = FuzzTarget(
        "merkle-proofs",
        "RFC 6962 trees: roots, inclusion and consistency paths against the recursive definition",
        byteLimit: 2_048,
        memory: MemoryBound(base: 262_144, perByte: 32),
        seeds: {
            [0, 1, 2, 3, 4, 7, 8, 9, 31, 32, 33, 64, 65].flatMap { size in
                (0..<4).map { [UInt8($0), UInt8(size), UInt8(size / 2), 5, 6, 7] }
            }
        },
        transcript: { transcript(Supply($0)) },
        run: { input in
            var supply = Supply(input)
            switch supply.choice(4) {
            case 0: inclusion(&supply)
            case 1: consistency(&supply)
            case 2: frontier(&supply)
            default: claims(&supply)
            }
        }
    )

    private static func leaves(_ supply: inout Supply) -> [Digest] {
        let count = Int(supply.byte()) % 100
        return Array(Samples.treeLeaves.prefix(count))
    }

    /// The root as RFC 6962 defines it.
    private static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        guard leaves.count > 1 else { return leaves.first ?? SHA256.hash([]) }
        var half = 1
        while half * 2 < leaves.count { half *= 2 }
        let middle = leaves.startIndex + half
        return MerkleTree.node(root(leaves[..<middle]), root(leaves[middle...]))
    }

    private static func inclusion(_ supply: inout Supply) {
        let leaves = leaves(&supply)
        let expected = root(leaves[...])
        claimEqual(MerkleTree.root(ofLeaves: leaves), expected, "the root of a tree")
        guard !leaves.isEmpty else { return }
        let index = Int(supply.byte()) % leaves.count
        let path = MerkleTree.inclusionProof(index: index, leaves: leaves)
        let found = try? MerkleProof.root(
            index: UInt64(index),
            size: UInt64(leaves.count),
            leaf: leaves[index],
            path: path
        )
        claimEqual(found, expected, "the root that a path leads to")
        var wrong = path
        let place = UInt64(index) ^ UInt64(supply.byte())
        change(&wrong, &supply)
        let other = try? MerkleProof.root(
            index: place,
            size: UInt64(leaves.count),
            leaf: leaves[index],
            path: wrong
        )
        // Another place with the same turns is no other claim about the path.
        claim(other != expected || wrong == path) { "a changed path leads elsewhere" }
    }

    private static func change(_ path: inout [Digest], _ supply: inout Supply) {
        switch supply.choice(4) {
        case 0 where !path.isEmpty: path.removeLast()
        case 1: path.append(supply.digest())
        case 2 where !path.isEmpty: path[supply.choice(path.count)] = supply.digest()
        default: break
        }
    }

    private static func consistency(_ supply: inout Supply) {
        let leaves = leaves(&supply)
        guard !leaves.isEmpty else { return }
        let first = 1 + Int(supply.byte()) % leaves.count
        let path = MerkleTree.consistencyProof(first: first, leaves: leaves)
        let (before, after) = (root(leaves[..<first]), root(leaves[...]))
        func holds(_ path: [Digest], _ before: Digest) -> Bool {
            do {
                try MerkleProof.verifyConsistency(
                    first: UInt64(first),
                    second: UInt64(leaves.count),
                    firstRoot: before,
                    secondRoot: after,
                    path: path
                )
                return true
            } catch { return false }
        }
        claim(holds(path, before)) { "\(leaves.count) leaves continue \(first)" }
        var wrong = path
        change(&wrong, &supply)
        claim(wrong == path || !holds(wrong, before)) { "a changed path proves nothing" }
        let other = supply.digest()
        claim(other == before || !holds(path, other)) { "another tree is not continued" }
    }

    private static func frontier(_ supply: inout Supply) {
        let leaves = leaves(&supply)
        var frontier = MerkleFrontier()
        for leaf in leaves { frontier.append(leaf: leaf) }
        claimEqual(frontier.root, root(leaves[...]), "the root of a frontier")
        claimEqual(try? MerkleFrontier(decoding: frontier.encoded), frontier, "a frontier read")
        let level = supply.choice(7)
        let whole = frontier.wholeSubtrees(level: level)
        claimEqual(whole.root, root(leaves[..<Int(whole.count)]), "the root of whole subtrees")
        var grown = whole
        let part = Array(Samples.treeLeaves.prefix(1 << level))
        grown.append(subtree: root(part[...]), level: level)
        claimEqual(
            grown.root,
            root((leaves[..<Int(whole.count)] + part)[...]),
            "the root after a whole subtree"
        )
        let bytes = supply.rest()
        guard let read = try? MerkleFrontier(decoding: bytes) else { return }
        claimEqual(read.encoded, bytes, "a frontier written again")
        _ = read.root
    }

    /// Claims about trees of any size, up to numbers that no tree has.
    private static func claims(_ supply: inout Supply) {
        let (first, second) = (supply.integer(as: UInt64.self), supply.integer(as: UInt64.self))
        let count = supply.choice(80)
        let path = (0..<count).map { _ in supply.digest() }
        _ = try? MerkleProof.root(index: first, size: second, leaf: .zero, path: path)
        try? MerkleProof.verifyConsistency(
            first: first,
            second: second,
            firstRoot: .zero,
            secondRoot: .zero,
            path: path
        )
    }

    /// `path INDEX SIZE LEAF ROOT|none PATH…`, hashes in hexadecimal digits.
    private static func transcript(_ supply: Supply) -> String? {
        var supply = supply
        let isLarge = supply.choice(4) == 3
        let first = isLarge ? supply.integer(as: UInt64.self) : UInt64(supply.byte())
        let second = isLarge ? supply.integer(as: UInt64.self) : UInt64(supply.byte())
        guard second > 0, second < 1 << 62 else { return nil }
        let leaves = Samples.treeLeaves
        var path = leaves.prefix(supply.choice(64)).map { $0 }
        if !isLarge, first < second, second <= 100 {
            path = MerkleTree.inclusionProof(
                index: Int(first),
                leaves: Array(leaves.prefix(Int(second)))
            )
        }
        let leaf = leaves[Int(first % 100)]
        let root = try? MerkleProof.root(index: first, size: second, leaf: leaf, path: path)
        let words = [String(first), String(second), leaf.hex, root?.hex ?? "none"]
        return (["path"] + words + path.map(\.hex)).joined(separator: " ")
    }
}

extension Samples {
    /// Hashes of leaves for trees of any size up to a hundred.
    static let treeLeaves = digests(100)
}
