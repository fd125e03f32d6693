public import PhiCrypto
public import PhiLedger

/// What a peer says about the end of its best chain; only headers can show that it is true.
public struct TipClaim: Hashable, Sendable {
    /// Bytes of the encoding.
    public static let byteCount = 52

    /// The hash of the last block.
    public let hash: Digest
    /// The height of the last block.
    public let height: Height
    /// The work of the whole chain.
    public let work: Work

    /// A claim with every field given.
    public init(hash: Digest, height: Height, work: Work) {
        self.hash = hash
        self.height = height
        self.work = work
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        hash = try reader.fixed("tip hash")
        height = Height(try reader.integer("tip height"))
        work = Work(rawValue: try reader.integer("tip work"))
    }

    func append(to bytes: inout [UInt8]) {
        hash.append(to: &bytes)
        bytes.append(littleEndian: height.rawValue)
        bytes.append(littleEndian: work.rawValue)
    }
}
