import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire

/// A node whose peers push blocks: its tip is the first block of a chain, which has a meeting.
struct PushBench {
    var bench: TestBench
    var chain: TestChain
    var host = TestAuthor("host", on: TestBench.network)
    let meeting: Digest

    /// A node with outbound peers that are at its tip.
    init(policy: NodePolicy = TestSwarm.policy, peers: [PeerHandle] = [1, 2]) throws {
        bench = try TestBench(policy: policy)
        chain = TestChain(on: TestBench.network)
        let open = host.open()
        meeting = open.id
        chain.append([open])
        bench.greet(1_000, tip: chain.tip)
        bench.receive(chain.message(), from: 1_000)
        bench.receive(.block(hash: chain.tip.hash, body: chain.tip.body.encoded), from: 1_000)
        bench.step(.disconnected(1_000))
        for peer in peers { bench.greet(peer, isInbound: false, tip: chain.tip) }
        bench.sent = []
    }

    /// Entries that follow one another.
    mutating func entries(_ count: Int) -> [Entry] {
        (0..<count).map { host.message("\($0)", in: meeting) }
    }

    /// An entry with a wrong signature.
    mutating func forgery() throws -> Entry {
        var bytes = host.message("forged", in: meeting).bytes
        bytes[210] ^= 1
        return try Entry(decoding: bytes, payloadLimit: 32_768)
    }

    /// Has peers push the last block of the chain.
    mutating func push(_ peers: PeerHandle..., prefilled: [UInt16] = []) throws {
        let message = try compact(chain.tip, prefilled: prefilled)
        for peer in peers { bench.receive(message, from: peer) }
    }

    /// A block of the chain as a peer pushes it.
    func compact(_ block: TestBlock, prefilled: [UInt16] = []) throws -> Message {
        let rest = block.body.entries.indices.filter { !prefilled.contains(UInt16($0)) }
        let leaves = rest.map { block.body.entries[$0].leaf }
        let identifiers = try ShortID.of(leaves, header: block.header.header, salt: 7)
        return compact(block, identifiers: identifiers, prefilled: prefilled)
    }

    func compact(
        _ block: TestBlock,
        header: Header? = nil,
        identifiers: [ShortID],
        prefilled: [UInt16] = []
    ) -> Message {
        let header = header ?? block.header.header
        let parent = chain.blocks[Int(block.height.rawValue) - 1]
        let compact = CompactHeader(
            header,
            after: parent.header.header.time,
            minimumSpacing: chain.network.parameters.minimumSpacing
        )
        guard let compact else { preconditionFailure("a block follows its parent") }
        return .compactBlock(
            CompactBlock(
                height: block.height,
                parent: parent.hash,
                header: compact,
                salt: 7,
                identifiers: identifiers,
                prefilled: prefilled.map {
                    CompactBlock.Prefilled(index: $0, entry: block.body.entries[Int($0)])
                }
            )
        )
    }

    /// Gives the entries of the last block at some places.
    mutating func give(_ indexes: [Int], from peer: PeerHandle) {
        let entries = indexes.map { chain.tip.body.entries[$0] }
        bench.receive(.blockEntries(block: chain.tip.hash, entries), from: peer)
    }

    /// Gives the whole body of the last block.
    mutating func giveBody(from peer: PeerHandle) {
        bench.receive(.block(hash: chain.tip.hash, body: chain.tip.body.encoded), from: peer)
    }

    /// Whether the node is at the end of the chain.
    var isThere: Bool { bench.node.status.tip == chain.tip.header }

    /// The types of what peers were sent since, but for greetings.
    func types(to peer: PeerHandle) -> [MessageType] {
        bench.sent.filter { $0.peer == peer }.map(\.message.type)
    }
}
