import PhiChain
import PhiNode

/// What is on a simulated disk, and what of it is safe.
struct DiskState {
    var contents: [[UInt8]: [UInt8]] = [:]
    var keys: [[UInt8]] = []
    /// For each batch that is not safe, what was there before it.
    var unsynced: [[(key: [UInt8], value: [UInt8]?)]] = []
    var condition = SimulatedDisk.Condition()
    var fingerprint: UInt64 = 0
    var writes = 0
    private var chance: SeededChance

    init(seed: UInt64) {
        chance = SeededChance(seed: seed)
    }

    /// Whether a record says something that the chain alone fixes.
    ///
    /// The facts are left out because a chain that went back to its genesis block has one more.
    private static func isOfChain(_ key: [UInt8]) -> Bool {
        key.first != Schema.sideBlock.rawValue && key.first != Schema.pooled.rawValue
            && key.first != Schema.fact.rawValue
    }

    private static func weight(_ key: [UInt8], _ value: [UInt8]) -> UInt64 {
        var print = Fingerprint()
        print.absorb(key)
        print.absorb(value)
        return print.value
    }

    /// The place of the first key that does not lie before another.
    func place(of key: [UInt8]) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].lexicographicallyPrecedes(key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    mutating func readsDamage() -> Bool {
        guard condition.damagedReadsPerMillion > 0 else { return false }
        return chance.below(1_000_000) < condition.damagedReadsPerMillion
    }

    mutating func apply(_ batch: WriteBatch, isSafe: Bool) {
        var undo: [(key: [UInt8], value: [UInt8]?)] = []
        for change in batch.changes {
            let old = set(change.value, for: change.key)
            if !isSafe { undo.append((key: change.key, value: old)) }
        }
        writes += 1
        if isSafe { unsynced = [] } else { unsynced.append(undo) }
    }

    mutating func takeBack() {
        for change in (unsynced.popLast() ?? []).reversed() { set(change.value, for: change.key) }
    }

    @discardableResult
    private mutating func set(_ value: [UInt8]?, for key: [UInt8]) -> [UInt8]? {
        let old = contents[key]
        guard old != value else { return old }
        if Self.isOfChain(key) {
            if let old { fingerprint &-= Self.weight(key, old) }
            if let value { fingerprint &+= Self.weight(key, value) }
        }
        contents[key] = value
        if old == nil {
            keys.insert(key, at: place(of: key))
        } else if value == nil {
            keys.remove(at: place(of: key))
        }
        return old
    }
}
