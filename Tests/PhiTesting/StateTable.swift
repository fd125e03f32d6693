public import PhiConsensus
public import PhiCrypto
public import PhiLedger

/// A ledger state in memory: what a store would have after the blocks so far.
public struct StateTable: LedgerStateSource, Hashable {
    /// The meetings by their ids.
    public private(set) var meetings: [Digest: MeetingState] = [:]
    /// The authors by meeting and key.
    public private(set) var authors: [AuthorSlot: AuthorState] = [:]
    /// The heights of the `open` entries of each author.
    public private(set) var openings: [VerifyingKey: [Height]] = [:]

    /// A table with nothing in it.
    public init() {}

    /// The meeting of an id.
    public func meeting(_ id: Digest) throws(Never) -> MeetingState? { meetings[id] }

    /// The author of a slot.
    public func author(_ slot: AuthorSlot) throws(Never) -> AuthorState? { authors[slot] }

    /// The heights of an author's openings, oldest first.
    public func openings(by author: VerifyingKey) throws(Never) -> [Height] {
        openings[author] ?? []
    }

    /// Takes over what a state changed.
    public mutating func absorb(_ state: LedgerState<some LedgerStateSource>) {
        for change in state.changedMeetings { meetings[change.key] = change.record.current }
        for change in state.changedAuthors { authors[change.key] = change.record.current }
        for change in state.changedOpenings { openings[change.key] = change.record.current }
    }

    /// Gives back what a state changed, as the undo of a block does.
    public mutating func revert(_ state: LedgerState<some LedgerStateSource>) {
        for change in state.changedMeetings { meetings[change.key] = change.record.original }
        for change in state.changedAuthors { authors[change.key] = change.record.original }
        for change in state.changedOpenings { openings[change.key] = change.record.original }
    }

    /// Puts a meeting as it is given, for states that would take long to reach.
    public mutating func set(_ state: MeetingState, for id: Digest) { meetings[id] = state }

    /// Puts an author as it is given, for states that would take long to reach.
    public mutating func set(_ state: AuthorState, for slot: AuthorSlot) { authors[slot] = state }
}
