import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

@testable import PhiChain

extension FuzzTarget {
    /// What a store gives back, as it was written and after damage.
    static let records = FuzzTarget(
        "records",
        "records of the store: one encoding each, and a damaged store is refused, never a trap",
        byteLimit: 4_096,
        // Room for the largest body that a header may announce, and for the store.
        memory: MemoryBound(base: 524_288 + 65_536, perByte: 64),
        seeds: {
            let pairs = Samples.storedPairs
            let values = pairs.map { pair -> [UInt8] in
                let form: UInt8 =
                    switch Schema(rawValue: pair.key[0]) {
                    case .meeting: 0
                    case .author: 1
                    case .undo: 2
                    default: 3
                    }
                return [form] + pair.value
            }
            // A header that announces a body of nearly all bytes that there may be.
            let announced: [[UInt8]] = [[0x47, 4, 6, 0x62, 0xff, 8]]
            return values + announced + pairs.indices.map { [4, UInt8($0), 1, 3, 0xff] }
        },
        run: { input in
            var supply = Supply(input)
            let form = supply.choice(8)
            guard form < 4 else { return damage(&supply) }
            let bytes = supply.rest()
            switch form {
            case 0: same(bytes, try? MeetingState(decoding: bytes).encoded, "a meeting")
            case 1: author(bytes)
            case 2: undo(bytes)
            default: texts(bytes)
            }
        }
    )

    private static func same(_ bytes: [UInt8], _ again: [UInt8]?, _ subject: String) {
        guard let again else { return }
        claimEqual(again.count, bytes.count, "the size of \(subject) written again")
    }

    private static func author(_ bytes: [UInt8]) {
        guard let state = try? AuthorState(decoding: bytes) else { return }
        claimEqual(try? AuthorState(decoding: state.encoded), state, "an author read again")
    }

    private static func undo(_ bytes: [UInt8]) {
        guard let record = try? UndoRecord(decoding: bytes) else { return }
        claimEqual(try? UndoRecord(decoding: record.encoded), record, "an undo record read again")
    }

    /// Cursors, which callers give back as they got them.
    private static func texts(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let cursor = PositionCursor(text) { claimEqual(cursor.text, text, "a cursor") }
        if let cursor = KeyCursor(text) { claimEqual(cursor.text, text, "a cursor of a key") }
        if let cursor = MinutesCursor(text) { claimEqual(cursor.text, text, "a minutes' cursor") }
    }

    /// Changes records of a whole store and reads everything.
    private static func damage(_ supply: inout Supply) {
        let store = MemoryStore()
        var batch = WriteBatch()
        let pairs = Samples.storedPairs
        for pair in pairs { batch.put(pair.value, for: pair.key) }
        for _ in 0..<4 where !supply.isEmpty {
            let (key, value) = pairs[Int(supply.byte()) % pairs.count]
            var changed = value
            switch supply.choice(5) {
            case 0: changed = supply.take(Int(supply.byte()))
            case 1 where !changed.isEmpty:
                let offset = Int(supply.integer(as: UInt16.self)) % changed.count
                changed[offset] ^= supply.byte()
            case 2: changed.removeLast(min(changed.count, Int(supply.byte())))
            case 3: changed += supply.take(Int(supply.byte()))
            default:
                batch.delete(key)
                continue
            }
            batch.put(changed, for: key)
        }
        store.commit(batch, durable: false)
        read(store)
    }

    private static func read(_ store: MemoryStore) {
        guard let network = try? StoreFormat.network(of: store) else { return }
        try? StoreFormat.prepare(store, network: Samples.network)
        guard var ledger = try? Ledger(opening: store, network: network) else { return }
        let chain = ledger.chain
        for height in 0...Samples.chain.tip.height.rawValue {
            _ = try? chain.header(at: Height(height))
            _ = try? chain.entries(at: Height(height))
            _ = try? chain.body(at: Height(height))
            _ = try? chain.historyPath(of: .genesis, in: Height(height + 1))
        }
        for entry in Samples.entries {
            _ = try? chain.position(of: entry.id)
            _ = try? chain.meeting(entry.id)
            _ = try? chain.author(AuthorSlot(meeting: entry.meeting, author: entry.author))
            _ = try? chain.openings(by: entry.author)
        }
        _ = try? SideBlocks(store, network: network).headers(limit: 10)
        _ = BlockTree(ledger).best
        for _ in 0..<3 {
            guard let step = try? ledger.disconnect() else { return }
            store.commit(step.batch, durable: false)
        }
    }
}

extension Samples {
    /// All that a store holds after the sample chain and one block beside it.
    static let storedPairs: [(key: [UInt8], value: [UInt8])] = {
        let store = MemoryStore()
        do {
            try StoreFormat.prepare(store, network: network)
            var ledger = try Ledger(opening: store, network: network)
            for block in chain.blocks.dropFirst() {
                let entries = try block.body.entries.map {
                    try ValidEntry(judging: $0, on: network)
                }
                store.commit(try ledger.connect(block.header, entries: entries), durable: false)
            }
            let side = chain.cut(at: Height(3)).child(of: chain.blocks[3], delay: 5)
            var batch = WriteBatch()
            batch.putSideBlock(side.header, body: [])
            store.commit(batch, durable: false)
        } catch { preconditionFailure("the sample chain is a chain: \(error)") }
        return store.pairs
    }()
}
