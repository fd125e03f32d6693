import PhiCrypto
import PhiLedger

/// The bodies that were passed on last, so that peers can have their entries before these are
/// judged and stored.
struct RelayedBlocks: Sendable {
    private struct Relayed: Sendable {
        let hash: Digest
        let body: BlockBody
    }

    private let limit: Int
    private var blocks: [Relayed] = []

    /// No bodies; past the limit the oldest goes.
    init(limit: Int) {
        precondition(limit > 0, "what is passed on is kept")
        self.limit = limit
    }

    /// The blocks whose bodies are here, the oldest first.
    var hashes: [Digest] { blocks.map(\.hash) }

    /// The body of a block that was passed on lately.
    func body(of hash: Digest) -> BlockBody? { blocks.last { $0.hash == hash }?.body }

    /// Keeps the body of a block.
    mutating func keep(_ body: BlockBody, of hash: Digest) {
        forget(hash)
        if blocks.count == limit { blocks.removeFirst() }
        blocks.append(Relayed(hash: hash, body: body))
    }

    /// Lets go of a body.
    mutating func forget(_ hash: Digest) { blocks.removeAll { $0.hash == hash } }
}
