import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire

/// A peer, played by a test, that serves a chain and its entries as it should.
struct HonestPeer {
    let handle: PeerHandle
    var chain: TestChain
    /// Entries that wait for a block, by leaf hash.
    var waiting: [Digest: Entry] = [:]

    init(_ handle: PeerHandle, chain: TestChain) {
        self.handle = handle
        self.chain = chain
    }

    /// What the peer says to a message.
    func answer(_ message: Message) -> [Message] {
        switch message {
        case .ping(let ping): [.pong(nonce: ping.nonce)]
        case .getPeers: [.peers([])]
        case .getHeaders(let locator): [headers(after: locator)]
        case .getBlocks(let hashes): blocks(hashes)
        case .getEntries(let leaves): entries(leaves)
        default: []
        }
    }

    private func headers(after locator: [Digest]) -> Message {
        let start = locator.lazy.compactMap { hash in
            chain.blocks.firstIndex { $0.hash == hash }
        }
        let parent = chain.blocks[start.first ?? 0]
        let above = chain.blocks(above: parent.height).prefix(Int(Limits.headers))
        return TestBench.headers(above, after: parent)
    }

    private func blocks(_ hashes: [Digest]) -> [Message] {
        hashes.map { hash in
            guard let block = chain.blocks.first(where: { $0.hash == hash }) else {
                return .missingBlocks([hash])
            }
            return .block(hash: hash, body: block.body.encoded)
        }
    }

    private func entries(_ leaves: [Digest]) -> [Message] {
        let found = leaves.compactMap { waiting[$0] }
        let absent = leaves.filter { waiting[$0] == nil }
        return Message.deliveries(of: found) + Message.missing(entries: absent)
    }
}
