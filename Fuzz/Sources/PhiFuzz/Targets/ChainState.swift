import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

extension FuzzTarget {
    /// Blocks connected and taken back, against tables in memory and the store as it was before.
    static let chainState = FuzzTarget(
        "chain-state",
        "blocks connected and taken back: the store agrees with plain tables, undo leaves nothing",
        byteLimit: 160,
        memory: MemoryBound(base: 8 << 20, perByte: 65_536),
        seeds: {
            var blocks: [UInt8] = []
            var forth: [UInt8] = []
            for index in Deck.entries.indices {
                let draw = UInt8(index + 16)
                blocks += index % 6 == 5 ? [draw, 0] : [draw]
                forth += index % 6 == 5 ? [draw, 0, 8, 0] : [draw]
            }
            return [blocks, blocks + [8, 8, 8, 0, 0], forth, [16, 17, 0, 8, 8, 18, 0, 9]]
        },
        run: { input in
            var model = ChainModel()
            for choice in input {
                switch choice {
                case 0..<8: model.connect()
                case 8..<16: model.disconnect()
                default: model.draw(Int(choice) - 16)
                }
            }
            model.connect()
            model.unwind()
        }
    )
}

/// A ledger over a store, and what it should hold by other means.
private struct ChainModel {
    private let store = MemoryStore()
    private var ledger: Ledger<MemoryStore>
    private var blocks: [Connected] = []
    private var tip: TestBlock
    private var table = StateTable()
    private var drawn: [ValidEntry] = []
    private var heights: [Digest: Height] = [:]
    private static let start = TestChain(on: Samples.network)
    /// Whatever an entry of the deck can change.
    private static let slots = Set(Deck.entries.map(slot)).sorted()
    private static let meetings = Deck.entries.filter { $0.entry.kind == .open }.map(\.id)

    /// A block that was connected, with all as it was before.
    private struct Connected {
        let parent: TestBlock
        let table: StateTable
        let stored: MemoryStore.Snapshot
        let entries: [ValidEntry]
    }

    init() {
        tip = Self.start.tip
        do {
            try StoreFormat.prepare(store, network: Samples.network)
            ledger = try Ledger(opening: store, network: Samples.network)
        } catch { preconditionFailure("an empty store is opened: \(error)") }
    }

    mutating func draw(_ index: Int) {
        guard drawn.count < 24 else { return }
        drawn.append(Deck.entries[index % Deck.entries.count])
    }

    /// Connects a block of those drawn that have a place by the tables; the first of the others is
    /// refused by the ledger for the same reason.
    mutating func connect() {
        guard blocks.count < 12, let height = tip.height.next else { return }
        var state = LedgerState(over: table, parameters: Samples.parameters)
        var entries: [ValidEntry] = []
        var refused: (after: Int, entry: ValidEntry, violation: ContextViolation)?
        for entry in drawn {
            do {
                try state.apply(entry, at: height)
                entries.append(entry)
            } catch {
                guard case .violation(let violation) = error else { continue }
                check(entry, refusedFor: violation, after: entries[...])
                if refused == nil { refused = (entries.count, entry, violation) }
            }
        }
        drawn = []
        if let refused {
            refuse(entries.prefix(refused.after) + [refused.entry], refused.violation)
        }
        let before = store.snapshot()
        let block = Self.start.child(of: tip, entries: entries.map(\.entry))
        do {
            store.commit(try ledger.connect(block.header, entries: entries), durable: false)
        } catch { claim(false) { "the ledger takes what the tables took: \(error)" } }
        take(block, entries, before)
    }

    /// The ledger refuses the last of some entries for the same reason as the tables, and stays.
    private mutating func refuse(_ entries: some Sequence<ValidEntry>, _ why: ContextViolation) {
        let entries = Array(entries)
        let block = Self.start.child(of: tip, entries: entries.map(\.entry))
        do throws(ConnectFailure) {
            _ = try ledger.connect(block.header, entries: entries)
            claim(false) { "the ledger refuses what the tables refused: \(why)" }
        } catch {
            claimEqual(error, .entry(index: entries.count - 1, why), "a refusal")
        }
        claimEqual(ledger.tip.hash, tip.hash, "the tip after a refusal")
    }

    private mutating func take(
        _ block: TestBlock,
        _ entries: [ValidEntry],
        _ before: MemoryStore.Snapshot
    ) {
        blocks.append(Connected(parent: tip, table: table, stored: before, entries: entries))
        var state = LedgerState(over: table, parameters: Samples.parameters)
        for entry in entries {
            claim(heights[entry.id] == nil) { "an entry is recorded once" }
            heights[entry.id] = block.height
            let known = table.authors[Self.slot(entry)] ?? AuthorState()
            claim(entry.entry.sequence >= known.nextSequence) { "numbers go up" }
            do { try state.apply(entry, at: block.height) } catch {
                claim(false) { "tables in memory take what the store took: \(error)" }
            }
        }
        table.absorb(state)
        tip = block
        compare(entries)
    }

    /// A refusal for a number or a repetition has its reason in what was recorded.
    private func check(
        _ entry: ValidEntry,
        refusedFor violation: ContextViolation,
        after earlier: ArraySlice<ValidEntry>
    ) {
        guard case .sequence(let expected, let found) = violation else { return }
        let before = (table.authors[Self.slot(entry)] ?? AuthorState()).nextSequence
        let own = UInt64(earlier.count { Self.slot($0) == Self.slot(entry) })
        claimEqual(expected, before + own, "the next number of an author")
        claimEqual(found, entry.entry.sequence, "the number that was found")
    }

    mutating func disconnect() {
        guard let last = blocks.popLast() else { return }
        do {
            let (batch, block) = try ledger.disconnect()
            store.commit(batch, durable: false)
            claimEqual(block.header, tip.header.header, "the header of the block taken back")
            claimEqual(block.body.entries, last.entries.map(\.entry), "its entries")
        } catch { claim(false) { "the tip is taken back: \(error)" } }
        for entry in last.entries { heights[entry.id] = nil }
        table = last.table
        tip = last.parent
        // Blocks beside the chain stay, and the tip is looked at apart.
        let apart = [Schema.sideBlock.rawValue, Schema.fact.rawValue]
        let left = store.snapshot().differences(from: last.stored)
            .filter { key in !apart.contains { key.first == $0 } }
        claim(left.isEmpty) {
            let kinds = Set(left.compactMap { $0.first.flatMap(Schema.init) }.map { "\($0)" })
            return "a block taken back leaves other \(kinds.sorted().joined(separator: ", "))"
        }
        compare(last.entries)
    }

    /// Takes everything back, opening the ledger anew on the way.
    mutating func unwind() {
        do { ledger = try Ledger(opening: store, network: Samples.network) } catch {
            claim(false) { "a whole store is opened: \(error)" }
        }
        compare(Deck.entries)
        while !blocks.isEmpty { disconnect() }
        compare(Deck.entries)
        claimEqual(ledger.tip.hash, Samples.network.chain, "the tip after all is taken back")
    }

    /// The ledger knows of all authors what the tables know, and of some entries too.
    private func compare(_ entries: [ValidEntry]) {
        claimEqual(ledger.tip.hash, tip.hash, "the tip")
        let chain = ledger.chain
        for slot in Self.slots {
            claimEqual(try? chain.author(slot), table.authors[slot], "an author's state")
        }
        for id in Self.meetings {
            claimEqual(try? chain.meeting(id), table.meetings[id], "a meeting's state")
        }
        for valid in entries {
            claimEqual(try? chain.meeting(valid.id), table.meetings[valid.id], "a meeting's state")
            let position = try? chain.position(of: valid.id)
            claimEqual(position?.height, heights[valid.id], "the place of an entry")
            if let position {
                claimEqual(try? chain.entry(at: position), valid.entry, "the entry at its place")
            }
        }
        claimEqual(try? chain.historyFrontier(below: tip.height).root, root, "the history")
    }

    private var root: Digest { tip.header.header.historyRoot }

    private static func slot(_ entry: ValidEntry) -> AuthorSlot {
        AuthorSlot(meeting: entry.entry.meeting, author: entry.entry.author)
    }
}
