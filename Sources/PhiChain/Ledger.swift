public import PhiConsensus
import PhiCrypto
public import PhiLedger

/// The connected chain over a store: makes the one batch that connects or takes back a block.
///
/// A batch must be committed before the next is asked for, because the state is read from the
/// store.
public struct Ledger<Store: KeyValueStore>: Sendable {
    /// The store.
    public let store: Store
    /// The network.
    public let network: Network
    /// The last connected block.
    public private(set) var tip: ValidHeader
    /// The tree over all headers up to the tip, the tip included.
    public private(set) var history: MerkleFrontier

    /// Opens the chain in a store that `StoreFormat` prepared.
    public init(opening store: Store, network: Network) throws(StoreFailure) {
        self.store = store
        self.network = network
        let chain = ChainReader(store, network: network)
        let (height, hash) = try chain.tip()
        guard let header = try chain.header(at: height) else {
            throw .malformedRecord(kind: "tip")
        }
        tip = ValidHeader(stored: header, hash: hash)
        history = try chain.historyFrontier(below: height)
        history.append(leaf: header.historyLeaf)
    }

    /// Reads of the chain up to the tip.
    public var chain: ChainReader<Store> { ChainReader(store, network: network) }

    /// The state at the tip, ready for entries of the next block.
    public func state(keepsRecords: Bool = true) -> LedgerState<ChainReader<Store>> {
        LedgerState(
            over: chain,
            parameters: network.parameters,
            keepsRecords: keepsRecords
        )
    }

    /// Judges a block's entries in their context and makes the batch that connects it.
    ///
    /// - Parameters:
    ///   - header: A child of the tip.
    ///   - entries: The whole body, judged one by one.
    /// - Returns: All changes of the block.
    /// - Throws: The rule that an entry breaks, with its index; then nothing has changed.
    public mutating func connect(
        _ header: ValidHeader,
        entries: [ValidEntry]
    ) throws(ConnectFailure) -> WriteBatch {
        precondition(header.header.previous == tip.hash, "a block connects to its parent")
        var state = state()
        for (index, entry) in entries.enumerated() {
            do { try state.apply(entry, at: header.header.height) } catch {
                switch error {
                case .violation(let violation): throw .entry(index: index, violation)
                case .source(let failure): throw .store(failure)
                }
            }
        }
        var batch = WriteBatch()
        let height = header.header.height
        batch.put(header.header.encoded, for: Schema.key(.header, height))
        batch.put(height.bigEndianBytes, for: Schema.key(.height, header.hash))
        for (index, entry) in entries.enumerated() {
            let position = Position(height: height, index: UInt16(index))
            batch.index(entry, at: position)
        }
        batch.put(state.undo().encoded, for: Schema.key(.undo, height))
        if let old = height.rawValue.subtractingUndoWindow(network.parameters.undoWindow) {
            batch.delete(Schema.key(.undo, Height(old)))
        }
        batch.write(state)
        batch.delete(Schema.key(.sideBlock, header.hash))
        for node in history.append(leaf: header.header.historyLeaf)
        where node.level >= ChainReader<Store>.historyBaseLevel {
            batch.put(
                node.root.bytes,
                for: Schema.key(historyLevel: node.level, index: node.index)
            )
        }
        tip = header
        batch.putTip(header)
        return batch
    }

    /// Whether undo data reaches far enough to take back all blocks above a height.
    public func canUndo(to fork: Height) throws(StoreFailure) -> Bool {
        guard fork < tip.header.height, let first = fork.next else { return true }
        return try store.value(for: Schema.key(.undo, first)) != nil
    }

    /// Makes the batch that takes the tip back; its entries are returned in block order.
    ///
    /// The block stays in the store beside the chain, so that it can come back.
    public mutating func disconnect() throws(StoreFailure) -> (batch: WriteBatch, block: Block) {
        let height = tip.header.height
        guard let below = height.previous, let parent = try chain.header(at: below) else {
            throw .malformedRecord(kind: "tip")
        }
        let entries = try chain.entries(at: height)
        guard let bytes = try store.value(for: Schema.key(.undo, height)) else {
            throw .malformedRecord(kind: "undo")
        }
        let undo: UndoRecord
        do { undo = try UndoRecord(decoding: bytes) } catch {
            throw .malformedRecord(kind: "undo")
        }
        let block = Block(header: tip.header, body: BlockBody(entries))
        var batch = WriteBatch()
        for (index, entry) in entries.enumerated() {
            batch.unindex(entry, at: Position(height: height, index: UInt16(index)))
        }
        batch.delete(Schema.key(.header, height))
        batch.delete(Schema.key(.height, tip.hash))
        batch.delete(Schema.key(.undo, height))
        try batch.restore(undo, entries: entries, chain: chain)
        batch.put(
            tip.header.encoded + block.body.encoded,
            for: Schema.key(.sideBlock, tip.hash)
        )
        history = try chain.historyFrontier(below: height)
        var taken = history
        for node in taken.append(leaf: tip.header.historyLeaf)
        where node.level >= ChainReader<Store>.historyBaseLevel {
            batch.delete(Schema.key(historyLevel: node.level, index: node.index))
        }
        tip = ValidHeader(stored: parent, hash: tip.header.previous)
        batch.putTip(tip)
        return (batch, block)
    }
}

/// Why a block was not connected.
public enum ConnectFailure: Error, Equatable, Sendable {
    /// An entry has no place there: the block is wrong.
    case entry(index: Int, ContextViolation)
    /// The store failed.
    case store(StoreFailure)
}

extension UInt32 {
    /// The height whose undo data is no longer kept once this height is connected.
    fileprivate func subtractingUndoWindow(_ window: UInt32) -> UInt32? {
        self > window ? self - window : nil
    }
}

extension Height {
    /// The four bytes of the number, big-endian.
    var bigEndianBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: rawValue)
        return bytes
    }
}
