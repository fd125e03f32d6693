import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A proof query") struct QueryProofsTests {
    @Test("proves every entry of a chain")
    func inclusion() throws {
        let (fixture, _, _) = try QueryFixture.busy()
        var prover = EntryProver(fixture.reader)
        for (entry, position) in fixture.recorded {
            let proof = try prover.proof(at: position)
            let root = try MerkleProof.root(
                index: UInt64(proof.index),
                size: UInt64(proof.header.entryCount),
                leaf: entry.leaf,
                path: proof.path
            )
            #expect(root == proof.header.entriesRoot)
            #expect(proof.header.height == position.height)
        }
    }

    @Test("makes receipts whose every path leads to its root", arguments: [0, 1, 3, 100])
    func receipts(confirmations: Int) throws {
        let (fixture, _, _) = try QueryFixture.busy()
        let tip = fixture.ledger.tip.header
        for (entry, position) in fixture.recorded where position.height < tip.height {
            let found = try fixture.reader.receipt(
                for: entry.id,
                confirmations: confirmations,
                tip: tip.height
            )
            let receipt = try #require(found)
            let header = receipt.proof.header
            #expect(receipt.entry == entry)
            let left = Int(tip.height.distance(above: position.height))
            #expect(receipt.confirmations.count == min(confirmations, left))
            var parent = header
            for confirmation in receipt.confirmations {
                #expect(confirmation.previous == parent.hash)
                parent = confirmation
            }
            let tied = try #require(receipt.tip)
            #expect(try root(of: header, in: tied.header, tied.path) == tip.historyRoot)
            let anchor = try #require(receipt.anchor)
            #expect(anchor.header.height == entry.anchorHeight)
            #expect(try root(of: anchor.header, in: header, anchor.path) == header.historyRoot)
        }
    }

    private func root(of header: Header, in later: Header, _ path: [Digest]) throws -> Digest {
        try MerkleProof.root(
            index: UInt64(header.height.rawValue),
            size: UInt64(later.height.rawValue),
            leaf: header.historyLeaf,
            path: path
        )
    }

    @Test("leaves out an anchor that is not an ancestor and a tip that is not later")
    func absent() throws {
        var fixture = try QueryFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        ann.anchorTail = AnchorTail(of: .zero)
        let open = ann.open()
        try fixture.add([open])
        let receipt = try #require(
            try fixture.reader.receipt(for: open.id, confirmations: 3, tip: Height(1))
        )
        #expect(receipt.anchor == nil)
        #expect(receipt.tip == nil)
        #expect(receipt.confirmations.isEmpty)
        #expect(try fixture.reader.receipt(for: .zero, confirmations: 3) == nil)
    }

    @Test(
        "finds steady work on an even chain of more than twelve blocks only",
        arguments: [11, 12, 40]
    )
    func steadiness(count: Int) throws {
        var fixture = try QueryFixture()
        for _ in 0..<count { try fixture.add() }
        #expect(try fixture.reader.isWorkSteady() == (count >= 12))
    }
}
