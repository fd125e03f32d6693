public import PhiCrypto
public import PhiLedger

/// Everything that two peers say to each other.
public enum Message: Hashable, Sendable {
    /// The first message of either side.
    case hello(Hello)
    /// A sign of life that asks for one, with the sender's tip.
    case ping(Ping)
    /// The answer to a `ping`.
    case pong(nonce: UInt64)
    /// The sender's own node record, renewed.
    case record(NodeRecord)
    /// A request for node records, 1 to 32.
    case getPeers(maximum: UInt8)
    /// Node records, 32 at most.
    case peers([NodeRecord])
    /// Block hashes from new to old, 1 to 64; headers after the first known one are wanted.
    case getHeaders([Digest])
    /// Headers in their compact form.
    case headers(HeaderBatch)
    /// Hashes of wanted blocks, 1 to 16.
    case getBlocks([Digest])
    /// A block's body, to be checked against the header of that hash.
    case block(hash: Digest, body: [UInt8])
    /// Hashes of blocks that were asked for and are not there, 1 to 16.
    case missingBlocks([Digest])
    /// A new block whose entries the receiver has for the most part.
    case compactBlock(CompactBlock)
    /// Places of the entries of a compact block that are missing, strictly ascending.
    case getBlockEntries(block: Digest, indexes: [UInt16])
    /// The entries of a compact block that were asked for, in their order.
    case blockEntries(block: Digest, [Entry])
    /// What the sender wants to be sent unasked from now on.
    case relayMode(RelayMode)
    /// Leaf hashes of entries that the sender has, 1 to 1,000.
    case inventory([Digest])
    /// Leaf hashes of wanted entries, 1 to 256.
    case getEntries([Digest])
    /// Entries, 1 to 256.
    case entries([Entry])
    /// Leaf hashes of entries that were asked for and are not there, 1 to 256.
    case missingEntries([Digest])
    /// A short digest of all entries that wait at the sender.
    case sketch(Sketch)
    /// Leaf hashes of the buckets in which two sides differ.
    case buckets(BucketListing)

    /// The message's type.
    public var type: MessageType {
        switch self {
        case .hello: .hello
        case .ping: .ping
        case .pong: .pong
        case .record: .record
        case .getPeers: .getPeers
        case .peers: .peers
        case .getHeaders: .getHeaders
        case .headers: .headers
        case .getBlocks: .getBlocks
        case .block: .block
        case .missingBlocks: .missingBlocks
        case .compactBlock: .compactBlock
        case .getBlockEntries: .getBlockEntries
        case .blockEntries: .blockEntries
        case .relayMode: .relayMode
        case .inventory: .inventory
        case .getEntries: .getEntries
        case .entries: .entries
        case .missingEntries: .missingEntries
        case .sketch: .sketch
        case .buckets: .buckets
        }
    }
}
