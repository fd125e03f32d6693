import PhiCrypto
import PhiLedger
import Testing

@Suite("A Merkle frontier") struct MerkleFrontierTests {
    @Test("has the root of the tree, for each size up to 300")
    func roots() {
        let leaves = MerkleReference.leaves(300)
        var frontier = MerkleFrontier()
        for size in 0...300 {
            let part = Array(leaves.prefix(size))
            #expect(frontier.count == UInt64(size))
            #expect(frontier.root == MerkleTree.root(ofLeaves: part))
            #expect(frontier.roots.count == size.nonzeroBitCount)
            if size < 300 { frontier.append(leaf: leaves[size]) }
        }
    }

    @Test("reports each perfect subtree once, when its last leaf comes")
    func completed() {
        let leaves = MerkleReference.leaves(300)
        var frontier = MerkleFrontier()
        for (place, leaf) in leaves.enumerated() {
            let completed = frontier.append(leaf: leaf)
            let expected = (0..<9).filter { (place + 1).isMultiple(of: 1 << $0) }
            #expect(completed.map(\.level) == expected)
            for subtree in completed {
                let size = 1 << subtree.level
                let start = Int(subtree.index) * size
                #expect(start + size == place + 1)
                #expect(subtree.root == MerkleReference.root(leaves[start..<(start + size)]))
            }
        }
    }

    @Test("is the same when built from kept subtrees, for each size up to 300")
    func rebuilt() {
        var frontier = MerkleFrontier()
        var kept: [[Int]: Digest] = [:]
        for leaf in MerkleReference.leaves(300) {
            for subtree in frontier.append(leaf: leaf) {
                kept[[subtree.level, Int(subtree.index)]] = subtree.root
            }
            let rebuilt = try? MerkleFrontier(count: frontier.count) { level, index in
                guard let root = kept[[level, Int(index)]] else { throw Absent() }
                return root
            }
            #expect(rebuilt == frontier)
        }
    }

    @Test("takes a whole subtree for its leaves", arguments: 0..<9 as Range<Int>)
    func wholeSubtrees(level: Int) {
        let leaves = MerkleReference.leaves(600)
        var single = MerkleFrontier()
        var whole = MerkleFrontier()
        for (place, leaf) in leaves.enumerated() {
            let completed = single.append(leaf: leaf)
            if completed.count > level {
                whole.append(subtree: completed[level].root, level: level)
            }
            let count = ((place + 1) >> level) << level
            #expect(whole.count == UInt64(count))
            #expect(whole.root == MerkleTree.root(ofLeaves: Array(leaves.prefix(count))))
            #expect(single.wholeSubtrees(level: level) == whole)
        }
    }

    @Test("passes on what the source of subtrees throws")
    func absentSubtree() {
        #expect(throws: Absent.self) {
            try MerkleFrontier(count: 3) { _, _ throws(Absent) in throw Absent() }
        }
    }

    @Test("keeps its encoding", arguments: [0, 1, 2, 3, 7, 8, 21, 255, 256, 300])
    func roundTrip(size: Int) throws {
        let frontier = Self.frontier(size)
        #expect(frontier.encoded.count == 8 + 32 * size.nonzeroBitCount)
        let read = try MerkleFrontier(decoding: frontier.encoded)
        #expect(read == frontier)
        #expect(read.root == frontier.root)
    }

    @Test("is encoded as its count and its roots from right to left")
    func layout() {
        let leaves = MerkleReference.leaves(3)
        let expected =
            [3, 0, 0, 0, 0, 0, 0, 0] + leaves[2].bytes
            + MerkleTree.node(leaves[0], leaves[1]).bytes
        #expect(Self.frontier(3).encoded == expected)
    }

    @Test("is refused when its encoding ends early or late", arguments: [0, 1, 3, 8, 21])
    func truncation(size: Int) {
        let encoded = Self.frontier(size).encoded
        for count in encoded.indices {
            let expected = count < 8 ? 8 : encoded.count
            #expect(throws: MerkleFrontierFailure.length(found: count, expected: expected)) {
                try MerkleFrontier(decoding: Array(encoded.prefix(count)))
            }
        }
        let found = encoded.count + 1
        #expect(throws: MerkleFrontierFailure.length(found: found, expected: encoded.count)) {
            try MerkleFrontier(decoding: encoded + [0])
        }
    }

    @Test("is refused when it has more leaves than any chain")
    func tooMany() throws {
        let limit = MerkleFrontier.maximumCount
        let root = [UInt8](repeating: 5, count: 32)
        #expect(try MerkleFrontier(decoding: Self.bytes(limit) + root).count == limit)
        for count in [limit + 1, 1 << 63, .max] {
            #expect(throws: MerkleFrontierFailure.tooManyLeaves(found: count, limit: limit)) {
                try MerkleFrontier(decoding: Self.bytes(count) + root)
            }
        }
    }

    @Test("grows up to its largest size")
    func last() throws {
        let roots = [UInt8](repeating: 5, count: 62 * 32)
        let bytes = Self.bytes(MerkleFrontier.maximumCount - 1) + roots
        var frontier = try MerkleFrontier(decoding: bytes)
        let completed = frontier.append(leaf: .zero)
        #expect(completed.last?.level == 62)
        #expect(completed.last?.root == frontier.root)
    }

    private struct Absent: Error {}

    private static func frontier(_ size: Int) -> MerkleFrontier {
        var frontier = MerkleFrontier()
        for leaf in MerkleReference.leaves(size) { frontier.append(leaf: leaf) }
        return frontier
    }

    private static func bytes(_ count: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
}
