public import PhiConsensus
public import PhiCrypto
public import PhiLedger

/// Reads the connected chain and its state from a store or a frozen view of one.
public struct ChainReader<Reader: KeyValueReader>: Sendable {
    /// The lowest level of the history tree that is kept; lower roots come from headers.
    static var historyBaseLevel: Int { 5 }

    /// Where the records are.
    public let reader: Reader
    /// The network of the chain.
    public let network: Network

    /// A reader of a network's chain.
    public init(_ reader: Reader, network: Network) {
        self.reader = reader
        self.network = network
    }

    /// Height and hash of the last connected block.
    public func tip() throws(StoreFailure) -> (height: Height, hash: Digest) {
        guard let bytes = try reader.value(for: Schema.key(of: .tip)) else {
            return (.genesis, network.chain)
        }
        guard bytes.count == 36 else { throw .malformedRecord(kind: "tip") }
        return (try height(decoding: bytes, kind: "tip"), Digest(reading: bytes, at: 4))
    }

    /// The header at a height of the connected chain, or nil above the tip.
    public func header(at height: Height) throws(StoreFailure) -> Header? {
        if height == .genesis { return network.genesis }
        guard let bytes = try reader.value(for: Schema.key(.header, height)) else { return nil }
        guard let header = try? Header(decoding: bytes),
            header.entryCount <= network.parameters.maximumEntries,
            header.bodyBytes <= network.parameters.maximumBodyBytes
        else { throw .malformedRecord(kind: "header") }
        return header
    }

    /// The height of a block of the connected chain, or nil.
    public func height(of hash: Digest) throws(StoreFailure) -> Height? {
        if hash == network.chain { return .genesis }
        guard let bytes = try reader.value(for: Schema.key(.height, hash)) else { return nil }
        guard bytes.count == 4 else { throw .malformedRecord(kind: "height") }
        return try height(decoding: bytes, kind: "height")
    }

    /// The entry at a position, or nil.
    public func entry(at position: Position) throws(StoreFailure) -> Entry? {
        guard let bytes = try reader.value(for: Schema.key(.entry, position)) else { return nil }
        return try entry(decoding: bytes)
    }

    func entry(decoding bytes: [UInt8]) throws(StoreFailure) -> Entry {
        do {
            return try Entry(
                decoding: bytes,
                payloadLimit: network.parameters.maximumPayloadBytes
            )
        } catch { throw .malformedRecord(kind: "entry") }
    }

    /// Where an entry of a given id is recorded, or nil.
    public func position(of id: Digest) throws(StoreFailure) -> Position? {
        guard let bytes = try reader.value(for: Schema.key(.position, id)) else { return nil }
        guard bytes.count == Position.byteCount else { throw .malformedRecord(kind: "position") }
        return Position(reading: bytes, at: 0)
    }

    /// The entries of the block at a height, in order.
    public func entries(at height: Height) throws(StoreFailure) -> [Entry] {
        guard let header = try header(at: height) else { return [] }
        var entries: [Entry] = []
        entries.reserveCapacity(Int(header.entryCount))
        for index in 0..<header.entryCount {
            let position = Position(height: height, index: UInt16(truncatingIfNeeded: index))
            guard let entry = try entry(at: position) else {
                throw .malformedRecord(kind: "entry")
            }
            entries.append(entry)
        }
        return entries
    }

    /// The body of the block at a height in its wire form, without looking into it.
    public func body(at height: Height) throws(StoreFailure) -> [UInt8] {
        guard let next = height.next, let header = try header(at: height) else { return [] }
        var body: [UInt8] = []
        body.reserveCapacity(Int(header.bodyBytes))
        try reader.scan(
            from: Schema.key(.entry, height),
            to: Schema.key(.entry, next),
            backwards: false
        ) { _, value in
            body.append(contentsOf: value)
            return true
        }
        guard body.count == Int(header.bodyBytes) else { throw .malformedRecord(kind: "entry") }
        return body
    }

    /// The state of a meeting at the tip, or nil.
    public func meeting(_ id: Digest) throws(StoreFailure) -> MeetingState? {
        guard let bytes = try reader.value(for: Schema.key(.meeting, id)) else { return nil }
        do { return try MeetingState(decoding: bytes) } catch {
            throw .malformedRecord(kind: "meeting")
        }
    }

    /// The state of an author in a meeting at the tip, or nil.
    public func author(_ slot: AuthorSlot) throws(StoreFailure) -> AuthorState? {
        guard let bytes = try reader.value(for: Schema.key(slot)) else { return nil }
        do { return try AuthorState(decoding: bytes) } catch {
            throw .malformedRecord(kind: "author")
        }
    }

    /// The frontier of the history tree over the headers below a height.
    public func historyFrontier(below height: Height) throws(StoreFailure) -> MerkleFrontier {
        try MerkleFrontier(count: UInt64(height.rawValue), node: historyNode)
    }

    /// The root of a perfect subtree of the history tree over the connected headers.
    public func historyNode(level: Int, index: UInt64) throws(StoreFailure) -> Digest {
        if level >= Self.historyBaseLevel {
            let key = Schema.key(historyLevel: level, index: index)
            guard let bytes = try reader.value(for: key), let root = Digest(bytes) else {
                throw .malformedRecord(kind: "history")
            }
            return root
        }
        var leaves: [Digest] = []
        for height in index << level..<(index + 1) << level {
            guard let header = try header(at: Height(UInt32(truncatingIfNeeded: height))) else {
                throw .malformedRecord(kind: "header")
            }
            leaves.append(header.historyLeaf)
        }
        return MerkleTree.root(ofLeaves: leaves)
    }

    /// The path from a header to the history root of a later one.
    public func historyPath(
        of height: Height,
        in later: Height
    ) throws(StoreFailure) -> [Digest] {
        try MerkleProof.inclusionPath(
            index: UInt64(height.rawValue),
            size: UInt64(later.rawValue),
            node: historyNode
        )
    }

    private func height(
        decoding bytes: [UInt8],
        kind: String
    ) throws(StoreFailure) -> Height {
        var value: UInt32 = 0
        for byte in bytes.prefix(4) { value = value << 8 | UInt32(byte) }
        return Height(value)
    }
}

extension ChainReader: LedgerStateSource {
    /// The heights of an author's last `open` entries, oldest first.
    public func openings(by author: VerifyingKey) throws(StoreFailure) -> [Height] {
        guard let bytes = try reader.value(for: Schema.key(.openings, author)) else { return [] }
        guard bytes.count % 4 == 0 else { throw .malformedRecord(kind: "openings") }
        return stride(from: 0, to: bytes.count, by: 4).map { offset in
            Height(
                UInt32(
                    bigEndian: bytes.littleEndianInteger(at: offset, as: UInt32.self).littleEndian
                )
            )
        }
    }
}
