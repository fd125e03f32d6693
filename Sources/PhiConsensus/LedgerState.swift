public import PhiCrypto
public import PhiLedger

/// Where a ledger state finds what it does not hold yet.
public protocol LedgerStateSource: Sendable {
    /// What can go wrong in looking.
    associatedtype Failure: Error

    /// The state of a meeting, or nil where no `open` is known.
    func meeting(_ id: Digest) throws(Failure) -> MeetingState?

    /// The state of an author in a meeting, or nil where nothing is known.
    func author(_ slot: AuthorSlot) throws(Failure) -> AuthorState?

    /// The heights of an author's `open` entries, oldest first; old ones may be missing.
    func openings(by author: VerifyingKey) throws(Failure) -> [Height]
}

/// Why an entry was not applied.
public enum ApplyFailure<SourceFailure: Error>: Error {
    /// The entry breaks a rule.
    case violation(ContextViolation)
    /// The state could not be read.
    case source(SourceFailure)
}

/// The state of meetings and authors at one point of a chain, as changes over a source.
public struct LedgerState<Source: LedgerStateSource>: Sendable {
    /// A record that was looked up, and what became of it.
    public struct Record<Value: Hashable & Sendable>: Sendable {
        /// What the source has.
        public let original: Value?
        /// What it is now.
        public var current: Value?
    }

    /// The network's numbers.
    public let parameters: NetworkParameters
    /// Whether the trees of meetings grow; a pool does without.
    let keepsRecords: Bool
    /// Admissions whose signatures were checked here because their verdict was not known.
    package internal(set) var admissionChecks = 0
    private let source: Source
    private var meetings: [Digest: Record<MeetingState>] = [:]
    private var authors: [AuthorSlot: Record<AuthorState>] = [:]
    private var openings: [VerifyingKey: Record<[Height]>] = [:]

    /// A state with no changes over a source.
    ///
    /// - Parameters:
    ///   - source: What is looked up and not yet held.
    ///   - parameters: The network's numbers.
    ///   - keepsRecords: Whether the trees of meetings grow with each entry.
    public init(over source: Source, parameters: NetworkParameters, keepsRecords: Bool = true) {
        self.source = source
        self.parameters = parameters
        self.keepsRecords = keepsRecords
    }

    /// The meetings that changed, in the order of their ids.
    public var changedMeetings: [(key: Digest, record: Record<MeetingState>)] {
        Self.changes(meetings)
    }

    /// The authors that changed, in the order of their slots.
    public var changedAuthors: [(key: AuthorSlot, record: Record<AuthorState>)] {
        Self.changes(authors)
    }

    /// The lists of openings that changed, in the order of their authors.
    public var changedOpenings: [(key: VerifyingKey, record: Record<[Height]>)] {
        Self.changes(openings)
    }

    private static func changes<Key: Comparable, Value>(
        _ records: [Key: Record<Value>]
    ) -> [(key: Key, record: Record<Value>)] {
        records.filter { $0.value.current != $0.value.original }
            .sorted { $0.key < $1.key }
            .map { (key: $0.key, record: $0.value) }
    }

    /// A meeting after all that was applied, or nil where no `open` is known.
    ///
    /// - Parameter id: The meeting.
    /// - Returns: Its state.
    /// - Throws: What the source could not read.
    public mutating func meeting(
        _ id: Digest
    ) throws(ApplyFailure<Source.Failure>) -> MeetingState? {
        if let held = meetings[id] { return held.current }
        do {
            let found = try source.meeting(id)
            meetings[id] = Record(original: found, current: found)
            return found
        } catch { throw .source(error) }
    }

    /// The key whose signature admits to a meeting now, or nil where there is no link.
    ///
    /// What is looked up is not held, so that whoever asks for what no rule has judged yet does not
    /// make the state grow.
    ///
    /// - Parameter id: The meeting.
    /// - Returns: The key.
    /// - Throws: What the source could not read.
    public func linkKey(of id: Digest) throws(Source.Failure) -> VerifyingKey? {
        let held = meetings[id]
        let state = held == nil ? try source.meeting(id) : held?.current
        guard let state, state.writing == .link, !state.linkKey.isZero else { return nil }
        return state.linkKey
    }

    mutating func author(_ slot: AuthorSlot) throws(ApplyFailure<Source.Failure>) -> AuthorState {
        if let held = authors[slot] { return held.current ?? AuthorState() }
        do {
            let found = try source.author(slot)
            authors[slot] = Record(original: found, current: found)
            return found ?? AuthorState()
        } catch { throw .source(error) }
    }

    mutating func openings(
        by author: VerifyingKey
    ) throws(ApplyFailure<Source.Failure>) -> [Height] {
        if let held = openings[author] { return held.current ?? [] }
        do {
            let found = try source.openings(by: author)
            openings[author] = Record(
                original: found.isEmpty ? nil : found,
                current: found.isEmpty ? nil : found
            )
            return found
        } catch { throw .source(error) }
    }

    /// Puts a meeting that was looked up before.
    mutating func put(_ state: MeetingState, for id: Digest) {
        meetings[id, default: Record(original: nil, current: nil)].current = state
    }

    /// Puts an author that was looked up before.
    mutating func put(_ state: AuthorState, for slot: AuthorSlot) {
        authors[slot, default: Record(original: nil, current: nil)].current = state
    }

    /// Puts a list of openings that was looked up before.
    mutating func put(_ heights: [Height], for author: VerifyingKey) {
        openings[author] = Record(original: openings[author]?.original, current: heights)
    }

    /// Adds an entry to its meeting's tree, without copying the tree.
    mutating func grow(_ id: Digest, by leaf: Digest) {
        guard keepsRecords else { return }
        meetings[id]?.current?.record.append(leaf: leaf)
    }
}
