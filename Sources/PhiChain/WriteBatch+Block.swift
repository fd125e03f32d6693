import PhiConsensus
import PhiCrypto
import PhiLedger

extension WriteBatch {
    mutating func putTip(_ tip: ValidHeader) {
        put(tip.header.height.bigEndianBytes + tip.hash.bytes, for: Schema.key(of: .tip))
    }

    mutating func index(_ valid: ValidEntry, at position: Position) {
        let entry = valid.entry
        let isOpen = entry.kind == .open
        var place: [UInt8] = []
        position.append(to: &place)
        put(entry.bytes, for: Schema.key(.entry, position))
        put(place, for: Schema.key(.position, valid.id))
        put([], for: Schema.key(.meetingEntry, isOpen ? valid.id : entry.meeting, position))
        put([], for: Schema.key(.authorEntry, entry.author, position))
        if isOpen { put(valid.id.bytes, for: Schema.key(.opening, position)) }
    }

    mutating func unindex(_ entry: Entry, at position: Position) {
        let id = entry.id
        let isOpen = entry.kind == .open
        delete(Schema.key(.entry, position))
        delete(Schema.key(.position, id))
        delete(Schema.key(.meetingEntry, isOpen ? id : entry.meeting, position))
        delete(Schema.key(.authorEntry, entry.author, position))
        if isOpen { delete(Schema.key(.opening, position)) }
    }

    /// Writes all records that a state changed.
    mutating func write<Source>(_ state: LedgerState<Source>) {
        for (id, record) in state.changedMeetings {
            if let current = record.current {
                put(current.encoded, for: Schema.key(.meeting, id))
            }
        }
        for (slot, record) in state.changedAuthors {
            if let current = record.current { put(current.encoded, for: Schema.key(slot)) }
        }
        for (author, record) in state.changedOpenings {
            put(heights: record.current ?? [], for: author)
        }
    }

    /// Puts all records back as they were before a block.
    mutating func restore<Reader>(
        _ undo: UndoRecord,
        entries: [Entry],
        chain: ChainReader<Reader>
    ) throws(StoreFailure) {
        var authors: [AuthorSlot: AuthorState] = [:]
        for entry in entries.reversed() {
            let slot = AuthorSlot(of: entry)
            var state = AuthorState()
            if let held = authors[slot] {
                state = held
            } else if let found = try chain.author(slot) {
                state = found
            }
            state.nextSequence = entry.sequence
            state.lastID = entry.previous
            authors[slot] = state
        }
        for (slot, state) in undo.authors { authors[slot] = state ?? AuthorState() }
        for (slot, state) in authors.sorted(by: { $0.key < $1.key }) {
            if state == AuthorState() {
                delete(Schema.key(slot))
            } else {
                put(state.encoded, for: Schema.key(slot))
            }
        }
        for (id, state) in undo.meetings {
            if let state {
                put(state.encoded, for: Schema.key(.meeting, id))
            } else {
                delete(Schema.key(.meeting, id))
            }
        }
        for (author, heights) in undo.openings { put(heights: heights, for: author) }
    }

    private mutating func put(heights: [Height], for author: VerifyingKey) {
        let key = Schema.key(.openings, author)
        guard !heights.isEmpty else { return delete(key) }
        put(heights.flatMap(\.bigEndianBytes), for: key)
    }
}

extension LedgerState {
    /// What takes the changes back, beside the entries that made them.
    func undo() -> UndoRecord {
        var undo = UndoRecord()
        undo.meetings = changedMeetings.map { ($0.key, $0.record.original) }
        undo.authors = changedAuthors.compactMap { slot, record in
            let before = record.original ?? AuthorState()
            let after = record.current ?? AuthorState()
            let isPlain =
                before.standing == after.standing && before.hasApproved == after.hasApproved
                && before.agreementKey == after.agreementKey
            return isPlain ? nil : (slot, record.original)
        }
        undo.openings = changedOpenings.map { ($0.key, $0.record.original ?? []) }
        return undo
    }
}
