import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

/// Looks after every step whether anything is not as it must be.
struct Checker {
    /// What became of an entry that a node acknowledged.
    enum Fate: Hashable {
        /// It waits, or stands in the chain.
        case kept
        /// The node said that it dropped it.
        case dropped
    }

    /// A block that lies beside a node's chain.
    struct SideBlock {
        let parent: Digest
        let work: Work
    }

    /// A receipt that somebody holds.
    struct Held {
        let block: Digest
        let height: Height
    }

    /// What is known of one node.
    struct Record {
        var tip: Digest?
        var fingerprint: UInt64 = 0
        var settledWork = Work.zero
        var side: [Digest: SideBlock] = [:]
        var heaviestSide = Work.zero
        var lightSince: Timestamp?
        var fates: [Digest: Fate] = [:]
        var touched: [Digest] = []
        var receipts: [Held] = []
        var checks = 0
    }

    let network: Network
    let hooks: Hooks
    var violation: Violation?
    var records: [Record] = []
    var asked: [RequestToken: Digest] = [:]
    var accepted: Set<Digest> = []
    var states: [Digest: UInt64] = [:]
    var invalid: Set<Digest> = []
    var replayer: Replayer
    var began: Timestamp = .zero

    init(_ network: Network, hooks: Hooks) {
        self.network = network
        self.hooks = hooks
        replayer = Replayer(network)
    }

    mutating func prepare(members: Int, at time: Timestamp) {
        records = Array(repeating: Record(), count: members)
        began = time
    }

    func looks(at invariant: Invariant) -> Bool { hooks.checks.contains(invariant) }

    mutating func fail(_ invariant: Invariant, _ member: Int, _ detail: String, at now: Timestamp) {
        guard violation == nil, looks(at: invariant) else { return }
        violation = Violation(
            invariant: invariant,
            member: member,
            time: now.since(began),
            detail: detail
        )
    }

    mutating func submitted(_ token: RequestToken, _ id: Digest) { asked[token] = id }

    func wasAccepted(_ id: Digest) -> Bool { accepted.contains(id) }

    /// Takes note of what a node wrote.
    mutating func committed(_ batch: WriteBatch, by index: Int) {
        for change in batch.changes where change.key.first == Schema.sideBlock.rawValue {
            let hash = Digest(reading: change.key, at: 1)
            guard let value = change.value,
                let header = try? Header(decoding: Array(value.prefix(Header.byteCount)))
            else {
                records[index].side[hash] = nil
                continue
            }
            records[index].side[hash] = SideBlock(
                parent: header.previous,
                work: header.chainWork
            )
        }
        weigh(index)
    }

    private mutating func weigh(_ index: Int) {
        records[index].heaviestSide = records[index].side.values.map(\.work).max() ?? .zero
    }

    mutating func noticed(_ notice: LedgerNotice, by index: Int) {
        switch notice {
        case .connected(_, let entries): records[index].touched += entries.map(\.id)
        case .disconnected(let header, let entries):
            records[index].touched += entries.map(\.id)
            records[index].receipts.removeAll { $0.height >= header.header.height }
        case .pooled(let pooled): records[index].touched.append(pooled.valid.id)
        case .dropped(let pooled, let reason):
            records[index].touched.append(pooled.valid.id)
            if reason != .replaced, records[index].fates[pooled.valid.id] != nil {
                records[index].fates[pooled.valid.id] = .dropped
            }
        }
    }

    /// A program ended; what its disk kept is looked at again when it starts.
    mutating func crashed(_ index: Int, losesPower: Bool) {
        records[index].lightSince = nil
        guard losesPower else { return }
        // The chain may start again below blocks that were not flushed.
        records[index].settledWork = .zero
        records[index].receipts = []
    }

    /// A program starts over what its disk kept.
    mutating func started(_ index: Int, disk: SimulatedDisk) {
        records[index].touched = records[index].fates.keys.sorted()
        records[index].side = [:]
        records[index].tip = nil
        for (key, value) in disk.pairs where key.first == Schema.sideBlock.rawValue {
            guard let header = try? Header(decoding: Array(value.prefix(Header.byteCount))) else {
                continue
            }
            records[index].side[Digest(reading: key, at: 1)] = SideBlock(
                parent: header.previous,
                work: header.chainWork
            )
        }
        weigh(index)
    }

    /// Acknowledged entries of a node that are neither in its chain nor dropped.
    func unsettled(_ index: Int, on disk: SimulatedDisk) -> Int {
        records[index].fates.sorted { $0.key < $1.key }.reduce(0) { count, fate in
            let isOpen =
                fate.value == .kept
                && disk.record(for: Schema.position.key(fate.key.bytes)) == nil
            return count + (isOpen ? 1 : 0)
        }
    }
}
