/// The byte that says what a frame's body is.
public enum MessageType: UInt8, CaseIterable, Sendable {
    /// The first message of either side.
    case hello = 0x01
    /// A sign of life that asks for one, with the sender's tip.
    case ping = 0x02
    /// The answer to a `ping`.
    case pong = 0x03
    /// The sender's own node record, renewed.
    case record = 0x04
    /// A request for node records.
    case getPeers = 0x05
    /// Node records.
    case peers = 0x06
    /// A request for headers after a block that both know.
    case getHeaders = 0x10
    /// Headers in their compact form.
    case headers = 0x11
    /// A request for blocks by their hashes.
    case getBlocks = 0x12
    /// One block's body.
    case block = 0x13
    /// Blocks that were asked for and are not there.
    case missingBlocks = 0x14
    /// A new block whose entries the receiver has for the most part.
    case compactBlock = 0x15
    /// A request for the entries of a compact block that are missing.
    case getBlockEntries = 0x16
    /// Entries of a compact block that were asked for.
    case blockEntries = 0x17
    /// What the sender wants to be sent unasked.
    case relayMode = 0x18
    /// Leaf hashes of entries that the sender has.
    case inventory = 0x20
    /// A request for entries by their leaf hashes.
    case getEntries = 0x21
    /// Entries.
    case entries = 0x22
    /// Entries that were asked for and are not there.
    case missingEntries = 0x23
    /// A short digest of all entries that wait at the sender.
    case sketch = 0x24
    /// Leaf hashes of the parts of that digest in which two sides differ.
    case buckets = 0x25

    /// The type's name in documents, logs and measurements.
    public var name: String { String(describing: self) }

    /// Bytes of the body at most, known before the body is read.
    public var bodyLimit: Int {
        switch self {
        case .hello: Limits.helloByteCount
        case .ping: Limits.pingByteCount
        case .pong: Limits.pongByteCount
        case .record: Limits.recordByteCount
        case .getPeers: Limits.getPeersByteCount
        case .peers: Limits.peersByteCount
        case .getHeaders: Limits.getHeadersByteCount
        case .headers: Limits.headersByteCount
        case .getBlocks, .missingBlocks: Limits.getBlocksByteCount
        case .block: Limits.blockByteCount
        case .compactBlock: Limits.compactBlockByteCount
        case .getBlockEntries: Limits.getBlockEntriesByteCount
        case .blockEntries: Limits.blockEntriesByteCount
        case .relayMode: Limits.relayModeByteCount
        case .inventory: Limits.inventoryByteCount
        case .getEntries, .missingEntries: Limits.getEntriesByteCount
        case .entries: Limits.entriesByteCount
        case .sketch: Limits.sketchByteCount
        case .buckets: Limits.bucketsByteCount
        }
    }

    /// The limit for a type byte off the wire, or nil when no message has that type.
    public static func bodyLimit(forType type: UInt8) -> Int? {
        MessageType(rawValue: type)?.bodyLimit
    }
}
