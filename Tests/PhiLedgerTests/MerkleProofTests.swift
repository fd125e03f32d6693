import PhiCrypto
import PhiLedger
import Testing

@Suite("An inclusion proof") struct MerkleInclusionTests {
    @Test("leads to the root from each leaf", arguments: 1...64)
    func accepted(size: Int) throws {
        let tree = ProofTree(size)
        for index in 0..<size {
            let path = MerkleReference.path(index, tree.leaves[...])
            #expect(try tree.prove(index: UInt64(index), path: path))
        }
    }

    @Test("is refused when its length is wrong", arguments: 1...64)
    func length(size: Int) {
        let tree = ProofTree(size)
        for index in 0..<size {
            let path = MerkleReference.path(index, tree.leaves[...])
            for count in path.indices {
                #expect(
                    throws: MerkleProofFailure.pathTooShort(found: count, needed: path.count)
                ) {
                    try tree.prove(index: UInt64(index), path: Array(path.prefix(count)))
                }
            }
            #expect(
                throws: MerkleProofFailure.pathTooLong(found: path.count + 1, limit: path.count)
            ) {
                try tree.prove(index: UInt64(index), path: path + [.zero])
            }
        }
    }

    @Test("is refused outside the tree", arguments: [0, 1, 2, 63, 64, UInt64.max])
    func outside(size: UInt64) {
        for index in [size, size &+ 1, .max] where index >= size {
            #expect(throws: MerkleProofFailure.indexOutsideTree(index: index, size: size)) {
                try MerkleProof.root(index: index, size: size, leaf: .zero, path: [])
            }
        }
    }

    @Test("proves nothing for another leaf, place, step or order", arguments: 2...40)
    func mutated(size: Int) {
        let tree = ProofTree(size)
        for index in 0..<size {
            let path = MerkleReference.path(index, tree.leaves[...])
            for other in 0..<size where other != index {
                #expect((try? tree.prove(index: UInt64(other), path: path, of: index)) != true)
                #expect((try? tree.prove(index: UInt64(index), path: path, of: other)) != true)
            }
            for step in path.indices {
                var changed = path
                changed[step] = .zero
                #expect((try? tree.prove(index: UInt64(index), path: changed)) == false)
                changed = path
                changed.swapAt(step, 0)
                let same = step == 0
                #expect((try? tree.prove(index: UInt64(index), path: changed)) == same)
            }
        }
    }

    @Test("ends for the largest sizes")
    func largest() throws {
        let path = [Digest](repeating: .zero, count: 64)
        _ = try MerkleProof.root(index: 0, size: .max, leaf: .zero, path: path)
        _ = try MerkleProof.root(
            index: .max - 1,
            size: .max,
            leaf: .zero,
            path: Array(path.dropLast())
        )
    }

    @Test("is found in a store, for each leaf and size up to 64")
    func stored() throws {
        let tree = ProofTree(64)
        for size in 1...64 {
            for index in 0..<size {
                let path = try MerkleProof.inclusionPath(
                    index: UInt64(index),
                    size: UInt64(size)
                ) { level, place in try tree.perfect(level, place, within: size) }
                #expect(path == MerkleReference.path(index, tree.leaves.prefix(size)))
            }
        }
    }

    @Test("passes on what the store throws")
    func absent() {
        #expect(throws: ProofTree.Incomplete.self) {
            try MerkleProof.inclusionPath(index: 0, size: 2) {
                _,
                _ throws(ProofTree.Incomplete) in throw ProofTree.Incomplete()
            }
        }
    }
}

@Suite("A consistency proof") struct MerkleConsistencyTests {
    @Test("is accepted between each two sizes", arguments: 1...64)
    func accepted(second: Int) throws {
        let tree = ProofTree(second)
        for first in 1...second {
            try tree.continues(first, MerkleReference.proof(first, tree.leaves[...]))
        }
    }

    @Test("is refused when its length is wrong", arguments: 1...64)
    func length(second: Int) {
        let tree = ProofTree(second)
        for first in 1...second {
            let path = MerkleReference.proof(first, tree.leaves[...])
            for count in path.indices {
                #expect(
                    throws: MerkleProofFailure.pathTooShort(found: count, needed: path.count)
                ) { try tree.continues(first, Array(path.prefix(count))) }
            }
            #expect(
                throws: MerkleProofFailure.pathTooLong(found: path.count + 1, limit: path.count)
            ) { try tree.continues(first, path + [.zero]) }
        }
    }

    @Test("is refused when one of its hashes is another", arguments: 2...40)
    func mutated(second: Int) {
        let tree = ProofTree(second)
        for first in 1..<second {
            let path = MerkleReference.proof(first, tree.leaves[...])
            for step in path.indices {
                var changed = path
                changed[step] = .zero
                #expect(throws: MerkleProofFailure.self) { try tree.continues(first, changed) }
            }
        }
    }

    @Test("is refused for other roots", arguments: 1...40)
    func otherRoots(second: Int) {
        let tree = ProofTree(second)
        for first in 1...second {
            let path = MerkleReference.proof(first, tree.leaves[...])
            #expect(throws: MerkleProofFailure.self) {
                try tree.continues(first, path, firstRoot: .zero)
            }
            #expect(throws: MerkleProofFailure.self) {
                try tree.continues(first, path, secondRoot: .zero)
            }
        }
    }

    @Test("is refused from the empty tree and backwards")
    func sizes() {
        #expect(throws: MerkleProofFailure.emptyFirstTree) {
            try MerkleProof.verifyConsistency(
                first: 0,
                second: 0,
                firstRoot: MerkleTree.emptyRoot,
                secondRoot: MerkleTree.emptyRoot,
                path: []
            )
        }
        #expect(throws: MerkleProofFailure.sizesReversed(first: 5, second: 4)) {
            try MerkleProof.verifyConsistency(
                first: 5,
                second: 4,
                firstRoot: .zero,
                secondRoot: .zero,
                path: []
            )
        }
    }

    @Test("is found in a store, for each two sizes up to 64")
    func stored() throws {
        let tree = ProofTree(64)
        for second in 1...64 {
            for first in 1...second {
                let path = try MerkleProof.consistencyPath(
                    first: UInt64(first),
                    second: UInt64(second)
                ) { level, place in try tree.perfect(level, place, within: second) }
                #expect(path == MerkleReference.proof(first, tree.leaves.prefix(second)))
            }
        }
    }
}

/// A tree of a size and the questions that the tests put to it.
private struct ProofTree {
    struct Incomplete: Error {}

    let leaves: [Digest]
    let root: Digest

    init(_ size: Int) {
        leaves = MerkleReference.leaves(size)
        root = MerkleReference.root(leaves[...])
    }

    /// Whether a path leads from a leaf, by default the one at the place, to the root.
    func prove(
        index: UInt64,
        path: [Digest],
        of leaf: Int? = nil
    ) throws(MerkleProofFailure) -> Bool {
        let found = try MerkleProof.root(
            index: index,
            size: UInt64(leaves.count),
            leaf: leaves[leaf ?? Int(index)],
            path: path
        )
        return found == root
    }

    /// Checks that the tree continues its own beginning.
    func continues(
        _ first: Int,
        _ path: [Digest],
        firstRoot: Digest? = nil,
        secondRoot: Digest? = nil
    ) throws(MerkleProofFailure) {
        try MerkleProof.verifyConsistency(
            first: UInt64(first),
            second: UInt64(leaves.count),
            firstRoot: firstRoot ?? MerkleReference.root(leaves.prefix(first)),
            secondRoot: secondRoot ?? root,
            path: path
        )
    }

    /// The root of a perfect subtree, if the first leaves complete it.
    func perfect(_ level: Int, _ index: UInt64, within size: Int) throws(Incomplete) -> Digest {
        let start = Int(index) << level
        let end = start + 1 << level
        guard end <= size else { throw Incomplete() }
        return MerkleReference.root(leaves[start..<end])
    }
}
