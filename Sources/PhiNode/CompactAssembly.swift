import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

/// A block that is put together from short ids, whole entries and what is at hand.
///
/// It only finds entries; whether they are the right ones the root over them tells.
struct CompactAssembly: Sendable {
    /// The header of the block, judged.
    let header: ValidHeader
    /// The peer that pushed the block, and is asked for what is missing.
    let peer: PeerHandle
    /// The time by which the missing entries must come.
    let deadline: Timestamp
    /// What the short ids are salted with.
    let salt: UInt64
    private var entries: [Entry?]
    private var places: [ShortID: Int] = [:]
    /// Places for which two entries at hand have the short id.
    private var contested: Set<Int> = []

    /// The beginning of a block, or nil where its short ids collide among themselves.
    init?(_ block: CompactBlock, header: ValidHeader, from peer: PeerHandle, until: Timestamp) {
        self.header = header
        self.peer = peer
        deadline = until
        salt = block.salt
        let count = block.identifiers.count + block.prefilled.count
        entries = Array(repeating: nil, count: count)
        for item in block.prefilled { entries[Int(item.index)] = item.entry }
        places.reserveCapacity(block.identifiers.count)
        var rest = block.identifiers[...]
        for index in entries.indices where entries[index] == nil {
            guard let identifier = rest.popFirst() else { return nil }
            guard places.updateValue(index, forKey: identifier) == nil else { return nil }
        }
    }

    /// Places of the entries that are not here, ascending.
    var missing: [UInt16] {
        entries.indices.filter { entries[$0] == nil }.map { UInt16($0) }
    }

    /// The wire form of the body.
    ///
    /// - Precondition: Nothing is missing.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for case let entry? in entries { bytes.append(contentsOf: entry.bytes) }
        return bytes
    }

    /// Takes an entry at hand where its short id is wanted.
    ///
    /// Of two that have one short id neither is taken, since one of them must be wrong.
    mutating func offer(_ identifier: ShortID, _ entry: () -> Entry?) {
        guard let place = places[identifier], !contested.contains(place) else { return }
        guard entries[place] == nil else {
            entries[place] = nil
            contested.insert(place)
            return
        }
        entries[place] = entry()
    }

    /// Takes the missing entries, in their order.
    ///
    /// - Returns: Whether they are as many as were missing, and each has its short id.
    mutating func complete(_ found: [Entry], _ identifiers: [ShortID]) -> Bool {
        let missing = missing
        guard found.count == missing.count, identifiers.count == missing.count else { return false }
        for (index, place) in missing.enumerated() {
            guard places[identifiers[index]] == Int(place) else { return false }
            entries[Int(place)] = found[index]
        }
        return true
    }
}
