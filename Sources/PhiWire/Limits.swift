/// The numbers that bound what one peer can make another read or reserve.
public enum Limits {
    /// Bytes of a frame: its length field, its type byte and its body.
    public static let frameByteCount = 1_048_576
    /// Bytes of a frame before its body: four of length and one of type.
    public static let frameHeadByteCount = 5
    /// Bytes of the longest body that a frame can carry.
    public static let frameBodyByteCount = frameByteCount - frameHeadByteCount

    /// Node records in one answer.
    public static let peers: UInt8 = 32
    /// Hashes in a locator; 64 reach back past the last height when each step doubles.
    public static let locatorHashes: UInt8 = 64
    /// Headers in one batch, which is also the stretch that header synchronization commits to.
    public static let headers: UInt16 = 2_048
    /// Blocks in one request.
    public static let blocks: UInt8 = 16
    /// Leaf hashes in one announcement.
    public static let announcedEntries: UInt16 = 1_000
    /// Entries in one request or answer.
    public static let entries: UInt16 = 256
    /// The logarithm of the number of buckets in a sketch.
    public static let bucketLogarithm: UInt8 = 10
    /// Leaf hashes of one bucket in one listing: as many as fit beside the listing's own figures.
    public static let bucketLeaves = UInt16((bucketsByteCount - 7) / 32)
    /// Bytes of a block's body on any network that `NetworkParameters.validate` accepts.
    public static let blockBodyByteCount = 1_000_000

    /// Bytes of a `hello` with the longest node record.
    public static let helloByteCount = Hello.fixedByteCount + NodeRecord.maximumByteCount
    /// Bytes of a `ping`.
    public static let pingByteCount = 8 + TipClaim.byteCount
    /// Bytes of a `pong`.
    public static let pongByteCount = 8
    /// Bytes of a `record` with all its addresses.
    public static let recordByteCount = NodeRecord.maximumByteCount
    /// Bytes of a `getPeers`.
    public static let getPeersByteCount = 1
    /// Bytes of a full `peers`.
    public static let peersByteCount = 1 + Int(peers) * (2 + NodeRecord.maximumByteCount)
    /// Bytes of a `getHeaders` with a full locator.
    public static let getHeadersByteCount = 1 + Int(locatorHashes) * 32
    /// Bytes of a `headers`; a full batch of the longest headers is shorter.
    public static let headersByteCount = 131_072
    /// Bytes of a full `getBlocks`, and of a full `missingBlocks`.
    public static let getBlocksByteCount = 1 + Int(blocks) * 32
    /// Bytes of a `block`.
    public static let blockByteCount = 32 + blockBodyByteCount
    /// Entries of a block on any network that `NetworkParameters.validate` accepts.
    public static let blockEntries: UInt16 = 2_048
    /// Bytes of the entries that come whole in a `compactBlock`, with their places.
    public static let prefilledByteCount = 65_536
    /// Bytes of a `compactBlock`: its figures with the longest header, short ids, whole entries.
    public static let compactBlockByteCount =
        4 + 32 + 53 + 8 + 2 + Int(blockEntries) * ShortID.byteCount + prefilledByteCount
    /// Bytes of a `getBlockEntries`; a step to the next place has one byte or two.
    public static let getBlockEntriesByteCount = 32 + 2 + Int(blockEntries) * 2
    /// Bytes of a `blockEntries` with a whole body.
    public static let blockEntriesByteCount = 32 + 2 + blockBodyByteCount
    /// Bytes of a `relayMode`.
    public static let relayModeByteCount = 1
    /// Bytes of a full `inventory`.
    public static let inventoryByteCount = 2 + Int(announcedEntries) * 32
    /// Bytes of a full `getEntries`, and of a full `missingEntries`.
    public static let getEntriesByteCount = 2 + Int(entries) * 32
    /// Bytes of an `entries`: a whole frame, so that a sender has to split.
    public static let entriesByteCount = frameBodyByteCount
    /// Bytes of the finest `sketch`.
    public static let sketchByteCount = 1 + (1 << Int(bucketLogarithm)) * 8
    /// Bytes of a `buckets`.
    public static let bucketsByteCount = 262_144
}
