public import PhiCrypto
public import PhiLedger

/// A header elsewhere in the chain with the path that ties it to another.
public struct TiedHeader: Hashable, Sendable {
    /// The header.
    public let header: Header
    /// The path to a history root.
    public let path: [Digest]
}

/// The proof that a block holds an entry.
public struct EntryProof: Hashable, Sendable {
    /// The block's header.
    public let header: Header
    /// The entry's index in the body.
    public let index: UInt16
    /// The path from the entry to the entries root.
    public let path: [Digest]
}

/// All that a receipt of a recorded entry is made of.
public struct ReceiptSource: Hashable, Sendable {
    /// The parameters of the network.
    public let parameters: NetworkParameters
    /// The first header.
    public let genesis: Header
    /// The entry.
    public let entry: Entry
    /// The proof that its block holds it.
    public let proof: EntryProof
    /// The block that the author had seen, where it is an ancestor of the entry's block.
    public let anchor: TiedHeader?
    /// Headers that follow the entry's block without a gap.
    public let confirmations: [Header]
    /// A later header, with the path from the entry's block to its history root.
    public let tip: TiedHeader?
}

/// Makes proofs for many entries, and reads a block's leaves once for all entries in it.
public struct EntryProver<Reader: KeyValueReader> {
    private let chain: ChainReader<Reader>
    private var held: (header: Header, leaves: [Digest])?

    /// A prover over a chain.
    public init(_ chain: ChainReader<Reader>) { self.chain = chain }

    /// The proof for an entry at a position of the chain.
    public mutating func proof(at position: Position) throws(StoreFailure) -> EntryProof {
        let block = try block(at: position.height)
        guard Int(position.index) < block.leaves.count else {
            throw .malformedRecord(kind: "position")
        }
        return EntryProof(
            header: block.header,
            index: position.index,
            path: MerkleTree.inclusionProof(index: Int(position.index), leaves: block.leaves)
        )
    }

    private mutating func block(
        at height: Height
    ) throws(StoreFailure) -> (header: Header, leaves: [Digest]) {
        if let held, held.header.height == height { return held }
        guard let header = try chain.header(at: height) else {
            throw .malformedRecord(kind: "header")
        }
        let read = (header: header, leaves: try chain.leaves(at: height))
        guard read.leaves.count == Int(header.entryCount) else {
            throw .malformedRecord(kind: "entry")
        }
        held = read
        return read
    }
}

extension ChainReader {
    /// The leaves of the entries of the block at a height, in order.
    public func leaves(at height: Height) throws(StoreFailure) -> [Digest] {
        let lower = Schema.key(.entry, Position(height: height, index: 0))
        let upper = Schema.key(.entry, Position(height: height, index: .max)) + [0]
        var leaves: [Digest] = []
        var isWhole = true
        try reader.scan(from: lower, to: upper, backwards: false) { _, value in
            isWhole = value.count >= Entry.envelopeByteCount
            guard isWhole else { return false }
            leaves.append(MerkleTree.leaf(value, in: 0..<Entry.envelopeByteCount))
            return true
        }
        guard isWhole else { throw .malformedRecord(kind: "entry") }
        return leaves
    }

    /// The header of a block of the connected chain by its hash, or nil.
    public func header(of hash: Digest) throws(StoreFailure) -> Header? {
        guard let height = try height(of: hash) else { return nil }
        return try header(at: height)
    }

    /// What the receipt of a recorded entry is made of, or nil where the entry is not recorded.
    ///
    /// - Parameters:
    ///   - id: The entry's name.
    ///   - confirmations: How many following headers it shows, as far as there are so many.
    ///   - tip: The height of a later block that it leads to; one that is not later is left out.
    /// - Returns: The parts of the receipt.
    /// - Throws: What the store fails with.
    public func receipt(
        for id: Digest,
        confirmations: Int,
        tip: Height? = nil
    ) throws(StoreFailure) -> ReceiptSource? {
        guard let recorded = try recorded(id) else { return nil }
        let height = recorded.position.height
        var prover = EntryProver(self)
        var following: [Header] = []
        var place = height.next
        while following.count < confirmations, let next = place, let header = try header(at: next) {
            following.append(header)
            place = next.next
        }
        var tied: TiedHeader?
        if let tip, tip > height, let header = try header(at: tip) {
            tied = TiedHeader(header: header, path: try historyPath(of: height, in: tip))
        }
        return ReceiptSource(
            parameters: network.parameters,
            genesis: network.genesis,
            entry: recorded.entry,
            proof: try prover.proof(at: recorded.position),
            anchor: try anchor(of: recorded.entry, at: height),
            confirmations: following,
            tip: tied
        )
    }

    private func anchor(
        of entry: Entry,
        at height: Height
    ) throws(StoreFailure) -> TiedHeader? {
        let seen = entry.anchorHeight
        guard seen < height, let header = try header(at: seen),
            AnchorTail(of: header.hash) == entry.anchorTail
        else { return nil }
        return TiedHeader(header: header, path: try historyPath(of: seen, in: height))
    }
}
