import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

@testable import PhiNode

extension FuzzTarget {
    /// A small pool under any order of entries, blocks and reorganizations.
    static let mempool = FuzzTarget(
        "mempool",
        "the pool of waiting entries: every order of adding, recording and taking back, counted",
        byteLimit: 128,
        memory: MemoryBound(base: 8 << 20, perByte: 65_536),
        seeds: {
            let order = Deck.all.indices.map { UInt8($0 + 16) }
            var mixed: [UInt8] = []
            for draw in order.prefix(50) { mixed += [draw, 0] }
            let front = [UInt8](order.prefix(20))
            let back: [UInt8] = front + [0, 8, 0, 8, 1] + [UInt8](order.prefix(80))
            return [[UInt8](order.prefix(128)), mixed, back, order.suffix(60).reversed()]
        },
        run: { input in
            var model = PoolModel()
            for choice in input {
                switch choice {
                case 0..<6: model.record(1 + Int(choice) * 3)
                case 6..<12: model.takeBack()
                case 12..<16: model.recordOthers(Int(choice))
                default: model.add(Deck.all[(Int(choice) - 16) % Deck.all.count])
                }
                model.check()
            }
            model.checkPlaces()
        }
    )
}

/// A pool over a ledger, and the plain set of entries that should be in it.
private struct PoolModel {
    private let store = MemoryStore()
    private var ledger: Ledger<MemoryStore>
    private var pool: Mempool<MemoryStore>
    private var tips: [TestBlock]
    private var waiting: [Digest: Entry] = [:]
    private static let start = TestChain(on: Samples.network)

    private static var policy: NodePolicy {
        var policy = NodePolicy()
        policy.poolEntries = 20
        policy.poolBytes = 16_000
        policy.poolEntriesPerAuthor = 12
        policy.poolBytesPerAuthor = 8_000
        return policy
    }

    init() {
        tips = [Self.start.tip]
        do {
            try StoreFormat.prepare(store, network: Samples.network)
            ledger = try Ledger(opening: store, network: Samples.network)
        } catch { preconditionFailure("an empty store is opened: \(error)") }
        pool = Mempool(over: ledger, policy: Self.policy)
    }

    mutating func add(_ valid: ValidEntry) {
        let before = waiting
        do throws(AddFailure) {
            let (added, dropped) = try pool.add(valid, isOwn: false, now: Samples.now)
            claimEqual(added.valid.id, valid.id, "the entry that came in")
            for (gone, _) in dropped where gone.valid.id != valid.id {
                claim(before[gone.valid.id] != nil) { "only what was there is dropped" }
                waiting[gone.valid.id] = nil
            }
            if let present = before[valid.id] {
                claim(valid.entry.stampWork >= 2 * present.stampWork) { "a replacement pays twice" }
            }
            waiting[valid.id] = valid.entry
            claim(pool.count <= Self.policy.poolEntries) { "the pool keeps its count" }
            claim(pool.byteCount <= Self.policy.poolBytes) { "the pool keeps its bytes" }
        } catch {
            if case .store(let failure) = error {
                claim(false) { "the store is whole: \(failure)" }
            }
        }
    }

    /// Records the first entries that wait.
    mutating func record(_ count: Int) {
        connect(
            Array(
                pool.chains.flatMap(\.entries).sorted { $0.arrival < $1.arrival }
                    .prefix(count).map(\.valid)
            )
        )
    }

    /// Records entries that another node may have had.
    mutating func recordOthers(_ number: Int) {
        connect(Array(Deck.entries[(number * 5 % 20)...].prefix(3)))
    }

    private mutating func connect(_ wanted: [ValidEntry]) {
        guard tips.count < 10 else { return }
        var entries = wanted
        while true {
            let block = Self.start.child(of: tips[tips.count - 1], entries: entries.map(\.entry))
            do throws(ConnectFailure) {
                store.commit(try ledger.connect(block.header, entries: entries), durable: false)
                tips.append(block)
                for gone in pool.recorded(entries) { waiting[gone.valid.id] = nil }
                rebase()
                return
            } catch {
                guard case .entry(let index, _) = error else {
                    return claim(false) { "the store is whole: \(error)" }
                }
                entries.remove(at: index)
            }
        }
    }

    mutating func takeBack() {
        guard tips.count > 1 else { return }
        do {
            let (batch, block) = try ledger.disconnect()
            store.commit(batch, durable: false)
            tips.removeLast()
            let entries = block.body.entries.compactMap { Deck.byLeaf[$0.leaf] }
            claimEqual(entries.count, block.body.entries.count, "the entries taken back")
            let (returned, dropped) = pool.returned(entries, now: Samples.now)
            for back in returned { waiting[back.valid.id] = back.valid.entry }
            for (gone, _) in dropped { waiting[gone.valid.id] = nil }
            claim(pool.byteCount <= pool.policy.poolBytes) { "the bytes keep their limit" }
            claim(pool.count <= pool.policy.poolEntries) { "the entries keep their limit" }
            rebase()
            // What went for want of room may have been what others stood on.
            guard dropped.isEmpty else { return }
            for valid in entries {
                claim(waiting[valid.id] != nil) { "what a block gives back waits again" }
            }
        } catch { claim(false) { "the tip is taken back: \(error)" } }
    }

    private mutating func rebase() {
        do {
            for (gone, _) in try pool.rebase(onto: ledger) { waiting[gone.valid.id] = nil }
        } catch { claim(false) { "the store is whole: \(error)" } }
    }

    /// Every count of the pool is that of the plain set.
    mutating func check() {
        claimEqual(Set(pool.entries.keys), Set(waiting.keys), "the entries that wait")
        let bytes = waiting.values.reduce(0) { $0 + $1.bytes.count }
        claimEqual(pool.byteCount, bytes, "the bytes that wait")
        let leaves = pool.leaves()
        claimEqual(leaves, pool.entries.values.map(\.valid.leaf).sorted(), "the leaves")
        for leaf in leaves { claim(pool.contains(leaf: leaf)) { "a leaf is found" } }
    }

    /// All that waits and is not held finds a place at the tip.
    func checkPlaces() {
        var state = ledger.state(keepsRecords: false)
        let height = ledger.tip.header.height.next ?? .genesis
        var free = pool.chains.flatMap(\.entries).sorted { $0.arrival < $1.arrival }
        while true {
            let count = free.count
            free.removeAll { pooled in
                do {
                    try state.apply(pooled.valid, at: height)
                    return true
                } catch { return false }
            }
            guard free.count < count, !free.isEmpty else { break }
        }
        claim(free.isEmpty) { "\(free.count) entries wait that have no place at the tip" }
    }
}
