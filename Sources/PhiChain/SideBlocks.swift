public import PhiConsensus
public import PhiCrypto
public import PhiLedger

/// Blocks in the store that are not on the connected chain.
public struct SideBlocks<Reader: KeyValueReader>: Sendable {
    private let reader: Reader
    private let network: Network

    /// The side blocks of a store.
    public init(_ reader: Reader, network: Network) {
        self.reader = reader
        self.network = network
    }

    /// The body of a side block, or nil where it is not stored.
    public func body(of header: ValidHeader) throws(StoreFailure) -> BlockBody? {
        guard let bytes = try reader.value(for: Schema.key(.sideBlock, header.hash)) else {
            return nil
        }
        do {
            return try BlockBody(
                decoding: Array(bytes.dropFirst(Header.byteCount)),
                for: header.header,
                parameters: network.parameters
            )
        } catch { throw .malformedRecord(kind: "side block") }
    }

    /// Whether a body is stored.
    public func contains(_ hash: Digest) throws(StoreFailure) -> Bool {
        try reader.value(for: Schema.key(.sideBlock, hash)) != nil
    }

    /// All side headers, lowest first, up to a limit; the bodies are not copied.
    public func headers(limit: Int) throws(StoreFailure) -> [ValidHeader] {
        var found: [ValidHeader] = []
        var isMalformed = false
        try reader.scanFronts(
            from: Schema.sideBlock.key(),
            to: Schema.sideBlock.end,
            byteCount: Header.byteCount
        ) { key, front in
            guard key.count == 33, let header = try? Header(decoding: front) else {
                isMalformed = true
                return false
            }
            found.append(ValidHeader(stored: header, hash: Digest(reading: key, at: 1)))
            return found.count < limit
        }
        guard !isMalformed else { throw .malformedRecord(kind: "side block") }
        return found.sorted { $0.header.height < $1.header.height }
    }
}

extension WriteBatch {
    /// Keeps a block beside the connected chain.
    public mutating func putSideBlock(_ header: ValidHeader, body: [UInt8]) {
        put(header.header.encoded + body, for: Schema.key(.sideBlock, header.hash))
    }

    /// Forgets a block beside the connected chain.
    public mutating func deleteSideBlock(_ hash: Digest) {
        delete(Schema.key(.sideBlock, hash))
    }
}
