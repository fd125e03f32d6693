import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A test chain") struct TestChainTests {
    static let network = TestNetwork.make(stampRate: 1)

    @Test("is the same each time")
    func deterministic() {
        #expect(TestNetwork.make(stampRate: 1) == Self.network)
        #expect(TestNetwork.make(stampRate: 2).chain != Self.network.chain)
        #expect(chain().tip == chain().tip)
    }

    @Test("has bodies that their headers commit to")
    func bodies() throws {
        for block in chain().blocks {
            let body = try BlockBody(
                decoding: block.body.encoded,
                for: block.header.header,
                parameters: Self.network.parameters
            )
            #expect(body == block.body)
            for entry in body.entries { _ = try ValidEntry(judging: entry, on: Self.network) }
        }
    }

    @Test("has a history that its headers commit to")
    func history() {
        let headers = chain().headers
        for (index, header) in headers.enumerated() {
            let leaves = headers.prefix(index).map { MerkleTree.leaf($0.encoded) }
            #expect(header.historyRoot == MerkleTree.root(ofLeaves: leaves))
            #expect(header.height == Height(UInt32(index)))
        }
    }

    @Test("forks where it is cut")
    func forks() {
        let chain = chain()
        var fork = chain.cut(at: Height(2))
        #expect(fork.tip == chain.blocks[2])
        #expect(chain.child(of: chain.blocks[2]) == chain.blocks[3])
        fork.append(delay: 7)
        #expect(fork.tip.height == Height(3) && fork.tip != chain.blocks[3])
        #expect(fork.tip.header.header.previous == chain.blocks[2].hash)
        #expect(chain.blocks(above: Height(2)).map(\.height) == [Height(3), Height(4)])
    }

    @Test("takes more difficult blocks where the network retargets")
    func retargets() {
        let network = TestNetwork.make(retargets: true)
        var steady = TestChain(on: network)
        steady.grow(by: 70)
        #expect(steady.tip.header.header.bits == network.genesis.bits)
        var fast = TestChain(on: network)
        fast.grow(by: 70, delay: 1)
        #expect(fast.tip.header.header.bits < network.genesis.bits)
    }

    private func chain() -> TestChain {
        var chain = TestChain(on: Self.network)
        var author = TestAuthor("author", on: Self.network)
        let open = author.open()
        chain.append([open])
        author.see(chain.tip)
        chain.append([author.message("one", in: open.id), author.message("two", in: open.id)])
        chain.grow(by: 2)
        return chain
    }
}
