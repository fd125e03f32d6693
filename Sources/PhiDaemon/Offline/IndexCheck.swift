import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB

/// How many records of each kind the blocks lead to.
struct IndexCounts {
    var headers: UInt64 = 0
    var entries: UInt64 = 0
    var openings: UInt64 = 0
    var meetings: UInt64 = 0
    var authors: UInt64 = 0
    var historyNodes: UInt64 = 0

    mutating func add(_ entry: ValidEntry) {
        entries += 1
        if entry.entry.kind == .open { openings += 1 }
    }
}

/// Compares the indexes of a store with what the blocks lead to.
struct IndexCheck {
    /// The lowest level of the history tree that is kept.
    private static let historyBaseLevel = 5

    private let store: LevelDBStore

    init(_ store: LevelDBStore) { self.store = store }

    /// Checks every index record of an entry.
    func check(_ valid: ValidEntry, at position: Position) throws(OfflineFailure) {
        let entry = valid.entry
        var place: [UInt8] = []
        position.append(to: &place)
        let isOpen = entry.kind == .open
        let meeting = isOpen ? valid.id : entry.meeting
        try expect(place, .position, Schema.position.key(valid.id.bytes), valid.id)
        try expect([], .meetingEntry, Schema.meetingEntry.key(meeting.bytes, place), valid.id)
        try expect([], .authorEntry, Schema.authorEntry.key(entry.author.bytes, place), valid.id)
        if isOpen { try expect(valid.id.bytes, .opening, Schema.opening.key(place), valid.id) }
    }

    /// Checks that a block is found by its hash.
    func check(_ header: ValidHeader) throws(OfflineFailure) {
        var height: [UInt8] = []
        height.append(bigEndian: header.header.height.rawValue)
        try expect(height, .height, Schema.height.key(header.hash.bytes), header.hash)
    }

    /// Checks a subtree of the history tree; false where its level is not kept.
    func check(_ node: MerkleFrontier.Subtree) throws(OfflineFailure) -> Bool {
        guard node.level >= Self.historyBaseLevel else { return false }
        var place = [UInt8(truncatingIfNeeded: node.level)]
        place.append(bigEndian: UInt32(truncatingIfNeeded: node.index))
        try expect(node.root.bytes, .history, Schema.history.key(place), node.root)
        return true
    }

    /// Checks that there are no further records; answers how many there are.
    func check(_ counts: IndexCounts) throws(OfflineFailure) -> UInt64 {
        let wanted: [(Schema, UInt64)] = [
            (.header, counts.headers), (.height, counts.headers), (.entry, counts.entries),
            (.position, counts.entries), (.meetingEntry, counts.entries),
            (.authorEntry, counts.entries), (.opening, counts.openings),
            (.meeting, counts.meetings), (.author, counts.authors),
            (.history, counts.historyNodes),
        ]
        var total: UInt64 = 0
        for (kind, count) in wanted {
            var found: UInt64 = 0
            try OfflineChain.reading { () throws(StoreFailure) in
                try store.scan(from: kind.key(), to: kind.end, backwards: false) { _, _ in
                    found += 1
                    return true
                }
            }
            guard found == count else {
                throw .index(kind: "\(kind)", detail: "\(found) records, \(count) expected")
            }
            total += found
        }
        return total
    }

    private func expect(
        _ value: [UInt8],
        _ kind: Schema,
        _ key: [UInt8],
        _ name: Digest
    ) throws(OfflineFailure) {
        let found = try OfflineChain.reading { () throws(StoreFailure) in
            try store.value(for: key)
        }
        guard found == value else { throw .index(kind: "\(kind)", detail: name.hex) }
    }
}
