import PhiCrypto
import PhiLedger
import Testing

@Suite("A Merkle tree") struct MerkleTreeTests {
    @Test("hashes nothing, leaves and nodes as the RFC's own examples")
    func known() {
        #expect(
            MerkleTree.emptyRoot.hex
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
        #expect(
            MerkleTree.leaf([]).hex
                == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        )
        #expect(
            MerkleTree.leaf(Array("L123456".utf8)).hex
                == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
        )
        #expect(
            MerkleTree.leaf(Array("xL123456y".utf8), in: 1..<8)
                == MerkleTree.leaf(Array("L123456".utf8))
        )
    }

    @Test("has the root that the definition gives, for each size up to 300")
    func roots() {
        let leaves = MerkleReference.leaves(300)
        for size in 0...300 {
            let part = leaves.prefix(size)
            #expect(MerkleTree.root(ofLeaves: Array(part)) == MerkleReference.root(part))
        }
    }

    @Test("tells lists apart that differ in length or order")
    func distinct() {
        let leaves = MerkleReference.leaves(65)
        var roots = Set((0...65).map { MerkleTree.root(ofLeaves: Array(leaves.prefix($0))) })
        #expect(roots.count == 66)
        for size in 1...64 {
            // The doubled last leaf gives the same root in a tree of the other kind.
            roots.insert(MerkleTree.root(ofLeaves: leaves.prefix(size) + [leaves[size - 1]]))
        }
        #expect(roots.count == 66 + 64)
    }

    @Test("gives the path of each leaf that the definition gives", arguments: 1...64)
    func inclusion(size: Int) throws {
        let leaves = MerkleReference.leaves(size)
        for index in 0..<size {
            let path = MerkleTree.inclusionProof(index: index, leaves: leaves)
            #expect(path == MerkleReference.path(index, leaves[...]))
        }
    }

    @Test("gives the consistency proofs that the definition gives", arguments: 1...64)
    func consistency(size: Int) throws {
        let leaves = MerkleReference.leaves(size)
        for first in 1...size {
            let path = MerkleTree.consistencyProof(first: first, leaves: leaves)
            #expect(path == MerkleReference.proof(first, leaves[...]))
        }
    }
}
