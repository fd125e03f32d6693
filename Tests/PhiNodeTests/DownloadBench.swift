import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire

/// A node that fetches one chain from peers which a test plays.
struct DownloadBench {
    var bench: TestBench
    let chain: TestChain
    /// What each peer was asked for and did not give, in order.
    var owed: [PeerHandle: [Digest]] = [:]

    /// A node that knows all headers of a chain from its first peer, and has some more peers.
    ///
    /// - Parameters:
    ///   - chain: What the peers have.
    ///   - peers: How many.
    ///   - policy: The node's manners.
    /// - Throws: What keeps a node from starting.
    init(
        _ chain: TestChain,
        peers: PeerHandle,
        policy: NodePolicy = TestSwarm.policy
    ) throws {
        var policy = policy
        policy.inboundPeers = max(policy.inboundPeers, Int(peers))
        self.chain = chain
        bench = try TestBench(policy: policy)
        bench.greet(1)
        bench.receive(chain.message(), from: 1)
        for peer in 2..<max(2, peers + 1) { bench.greet(peer, tip: chain.tip) }
        note()
    }

    /// A chain of blocks with one message each, and as many empty ones after each.
    static func chain(_ blocks: Int, empty: Int = 0, text: String = "text") -> TestChain {
        var chain = TestChain(on: TestBench.network)
        var host = TestAuthor("host", on: TestBench.network)
        let open = host.open()
        chain.append([open])
        for number in 1..<max(1, blocks) {
            chain.grow(by: empty)
            chain.append([host.message("\(text) \(number)", in: open.id)])
        }
        return chain
    }

    /// Takes notice of new requests.
    mutating func note() {
        for sent in bench.sent {
            if case .getBlocks(let hashes) = sent.message {
                owed[sent.peer, default: []] += hashes
            }
        }
        bench.sent = []
        for peer in bench.ended.keys { owed[peer] = nil }
    }

    /// Lets time pass.
    mutating func wait(_ milliseconds: UInt64) {
        bench.wait(milliseconds)
        note()
    }

    /// Has a peer give a block, as it was asked or not.
    mutating func give(_ hash: Digest, by peer: PeerHandle) {
        guard let block = chain.blocks.first(where: { $0.hash == hash }) else { return }
        owed[peer]?.removeAll { $0 == hash }
        bench.receive(.block(hash: hash, body: block.body.encoded), from: peer)
        note()
    }

    /// Has a peer give all that it owes, until it is asked for no more.
    mutating func giveAll(by peer: PeerHandle) {
        while let next = owed[peer]?.first { give(next, by: peer) }
    }

    /// All blocks that were asked for and not given.
    var underWay: [Digest] { owed.sorted { $0.key < $1.key }.flatMap(\.value) }

    /// Whether the node has the whole chain.
    var isDone: Bool { bench.node.status.tip == chain.tip.header }

    /// Hashes by height.
    subscript(height: Int) -> Digest { chain.blocks[height].hash }
}
