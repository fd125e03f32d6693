public import PhiConsensus
public import PhiCrypto
import PhiLedger

/// A meeting as a list shows it: the entry that opened it and its state at the tip.
public struct ListedMeeting: Hashable, Sendable {
    /// The meeting's id.
    public let id: Digest
    /// The entry that opened it.
    public let open: RecordedEntry
    /// The state at the tip.
    public let state: MeetingState
}

/// An author as a list of a meeting's members shows it.
public struct ListedMember: Hashable, Sendable {
    /// The author's key.
    public let author: VerifyingKey
    /// The state at the tip.
    public let state: AuthorState
}

extension ChainReader {
    /// Meetings that one page of a filtered list looks at at most.
    public static var meetingScanLimit: Int { 1_000 }

    /// A meeting with the entry that opened it, or nil.
    public func listedMeeting(_ id: Digest) throws(StoreFailure) -> ListedMeeting? {
        guard let state = try meeting(id) else { return nil }
        guard let open = try recorded(id) else { throw .malformedRecord(kind: "position") }
        return ListedMeeting(id: id, open: open, state: state)
    }

    /// Meetings in the order in which they were opened, page by page.
    ///
    /// - Parameters:
    ///   - cursor: Where to go on; nil is the first or, backwards, the last meeting.
    ///   - isBackwards: Whether the newest come first.
    ///   - count: Meetings that the page may have.
    ///   - isIncluded: Which meetings count; a page looks at a bounded number of others.
    /// - Returns: The page, and where to go on if there is more.
    /// - Throws: What the store fails with.
    public func meetings(
        after cursor: PositionCursor?,
        isBackwards: Bool,
        count: Int,
        where isIncluded: (MeetingState) -> Bool = { _ in true }
    ) throws(StoreFailure) -> (meetings: [ListedMeeting], next: PositionCursor?) {
        var walk = PositionWalk(
            prefix: [Schema.opening.rawValue],
            cursor: cursor?.position,
            isBackwards: isBackwards
        )
        var found: [ListedMeeting] = []
        var scanned = 0
        var last: Position?
        while true {
            let pairs = try walk.pairs(in: reader, atMost: count + 1)
            for (position, value) in pairs {
                guard found.count < count, scanned < Self.meetingScanLimit else {
                    return (found, last.map(PositionCursor.init))
                }
                scanned += 1
                last = position
                guard let id = Digest(value), let meeting = try listedMeeting(id) else {
                    throw .malformedRecord(kind: "opening")
                }
                if isIncluded(meeting.state) { found.append(meeting) }
            }
            guard pairs.count > count else { return (found, nil) }
        }
    }

    /// Authors with a state in a meeting in the order of their keys, page by page.
    ///
    /// The host is among them, also while it has no entry in the meeting.
    /// - Parameters:
    ///   - meeting: The meeting's id.
    ///   - host: The meeting's host.
    ///   - cursor: Where to go on.
    ///   - count: Members that the page may have.
    /// - Returns: The page, and where to go on if there is more.
    /// - Throws: What the store fails with.
    public func members(
        of meeting: Digest,
        host: VerifyingKey,
        after cursor: KeyCursor?,
        count: Int
    ) throws(StoreFailure) -> (members: [ListedMember], next: KeyCursor?) {
        let prefix = Schema.key(.author, meeting)
        let lower = cursor.map { prefix + $0.key.bytes + [0] } ?? prefix
        let upper = prefix + [UInt8](repeating: 0xff, count: 33)
        var records: [(key: [UInt8], value: [UInt8])] = []
        try reader.scan(from: lower, to: upper, backwards: false) { key, value in
            records.append((key, value))
            return records.count <= count
        }
        var members: [ListedMember] = []
        for record in records {
            guard let author = VerifyingKey(record.key.dropFirst(prefix.count)),
                let state = try? AuthorState(decoding: record.value)
            else { throw .malformedRecord(kind: "author") }
            members.append(ListedMember(author: author, state: state))
        }
        let isAhead = cursor.map { $0.key < host } ?? true
        if isAhead, try author(AuthorSlot(meeting: meeting, author: host)) == nil {
            let place = members.firstIndex { host < $0.author } ?? members.count
            members.insert(ListedMember(author: host, state: AuthorState()), at: place)
        }
        let page = Array(members.prefix(count))
        return (page, members.count > count ? page.last.map { KeyCursor($0.author) } : nil)
    }

    /// The leaves of a meeting's record in order, and after them the entries that approve it.
    ///
    /// - Parameters:
    ///   - meeting: The meeting's id.
    ///   - cursor: Where to go on.
    ///   - count: Leaves and approvals that the page may have together.
    /// - Returns: The page; `next` is nil at the end.
    /// - Throws: What the store fails with.
    public func minutes(
        of meeting: Digest,
        after cursor: MinutesCursor?,
        count: Int
    ) throws(StoreFailure) -> MinutesSlice {
        var walk = PositionWalk(
            prefix: Schema.key(.meetingEntry, meeting),
            cursor: cursor?.position,
            isBackwards: false
        )
        let firstLeaf = cursor?.leafCount ?? 0
        let positions = try walk.positions(in: reader, atMost: count + 1)
        var leaves: [Digest] = []
        var approvals: [RecordedEntry] = []
        for position in positions.prefix(count) {
            guard let entry = try entry(at: position) else {
                throw .malformedRecord(kind: "entry")
            }
            if entry.kind == .approve {
                approvals.append(RecordedEntry(entry, at: position))
            } else {
                leaves.append(entry.leaf)
            }
        }
        let (read, overflow) = firstLeaf.addingReportingOverflow(UInt64(leaves.count))
        let next =
            positions.count > count
            ? MinutesCursor(positions[count - 1], leafCount: overflow ? .max : read) : nil
        return MinutesSlice(
            firstLeaf: firstLeaf,
            leaves: leaves,
            approvals: approvals,
            next: next
        )
    }
}

/// A part of the minutes of a meeting.
public struct MinutesSlice: Hashable, Sendable {
    /// The number of the first leaf among all.
    public let firstLeaf: UInt64
    /// Leaves of the record in order.
    public let leaves: [Digest]
    /// Entries that approve the record.
    public let approvals: [RecordedEntry]
    /// Where to go on, or nil at the end.
    public let next: MinutesCursor?
}
