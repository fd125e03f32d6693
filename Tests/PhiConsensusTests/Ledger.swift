import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

/// A ledger state under test, to which entries are applied one by one.
final class Ledger {
    let network: Network
    /// The height of the block that is being filled.
    var height: UInt32 = 1
    private(set) var state: LedgerState<StateTable>
    private let base: StateTable

    init(on network: Network, over table: StateTable = StateTable()) {
        self.network = network
        base = table
        state = LedgerState(over: table, parameters: network.parameters)
    }

    /// What a store would have after the entries so far.
    var table: StateTable {
        var table = base
        table.absorb(state)
        return table
    }

    /// The violation for which an entry is refused, or nil when it was applied.
    func apply(_ entry: Entry) throws(EntryViolation) -> ContextViolation? {
        let valid = try ValidEntry(judging: entry, on: network)
        do {
            try state.apply(valid, at: Height(height))
            return nil
        } catch {
            switch error {
            case .violation(let violation): return violation
            }
        }
    }

    /// Expects that an entry is applied, and gives its id.
    @discardableResult
    func takes(
        _ entry: Entry,
        at height: UInt32? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Digest {
        if let height { self.height = height }
        do {
            let refusal = try apply(entry)
            #expect(refusal == nil, sourceLocation: sourceLocation)
        } catch { Issue.record(error, sourceLocation: sourceLocation) }
        return entry.id
    }

    /// Expects that an entry is refused for one reason, and that the state stays as it was.
    func refuses(
        _ entry: Entry,
        as expected: ContextViolation,
        at height: UInt32? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        if let height { self.height = height }
        let before = table
        do {
            let refusal = try apply(entry)
            #expect(refusal == expected, sourceLocation: sourceLocation)
        } catch { Issue.record(error, sourceLocation: sourceLocation) }
        let after = table
        #expect(before == after, "a refused entry changes nothing", sourceLocation: sourceLocation)
    }

    /// The state of a meeting that must exist.
    func meeting(_ id: Digest) throws -> MeetingState { try #require(table.meetings[id]) }

    /// The state of an author in a meeting.
    func author(_ key: VerifyingKey, in meeting: Digest) -> AuthorState {
        table.authors[AuthorSlot(meeting: meeting, author: key)] ?? AuthorState()
    }
}
