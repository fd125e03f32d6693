public import PhiCrypto
public import PhiLedger

/// An entry of the chain, with its place there.
public struct RecordedEntry: Hashable, Sendable {
    /// The entry.
    public let entry: Entry
    /// The entry's name.
    public let id: Digest
    /// Where it stands.
    public let position: Position

    init(_ entry: Entry, at position: Position) {
        self.entry = entry
        id = entry.id
        self.position = position
    }
}

/// Asks for recorded entries of a meeting or an author, page by page.
///
/// A page costs one walk over an index and one look-up for each entry, however long the history
/// is. Where an index does not answer alone, a page looks at a bounded number of entries, and may
/// be short or even empty with more to come.
public struct HistoryQuery: Hashable, Sendable {
    /// Entries of a page at most.
    public static let limit = 500
    /// Entries that one page looks at at most to find its own.
    public static let scanLimit = 4_096

    /// Whose entries are asked for.
    public enum Subject: Hashable, Sendable {
        /// All of a meeting, its `open` first.
        case meeting(Digest)
        /// All of an author, in all meetings.
        case author(VerifyingKey)
        /// Those of one author in one meeting.
        case authorInMeeting(VerifyingKey, Digest)
    }

    /// Whose entries are asked for.
    public var subject: Subject
    /// The first height that counts.
    public var from: Height
    /// The last height that counts.
    public var to: Height
    /// Where to go on; nil is the first or, backwards, the last entry.
    public var cursor: PositionCursor?
    /// Whether the newest entries come first.
    public var isBackwards: Bool
    /// Entries that the page may have, 1 to `HistoryQuery.limit`.
    public var count: Int

    /// A question about a whole history, unless more is said.
    public init(
        _ subject: Subject,
        from: Height = .genesis,
        to: Height = Height(.max),
        cursor: PositionCursor? = nil,
        isBackwards: Bool = false,
        count: Int = 100
    ) {
        self.subject = subject
        self.from = from
        self.to = to
        self.cursor = cursor
        self.isBackwards = isBackwards
        self.count = max(1, min(count, Self.limit))
    }
}

/// What a history query found.
public struct HistorySlice: Hashable, Sendable {
    /// The entries in the order that was asked for.
    public let entries: [RecordedEntry]
    /// Where to go on the same way; nil at the end.
    public let next: PositionCursor?
    /// Where to go on the other way; nil where nothing was found.
    public let previous: PositionCursor?
    /// Entries that were looked at.
    public let scanned: Int
}

extension ChainReader {
    /// The recorded entries that a query asks for.
    public func history(_ query: HistoryQuery) throws(StoreFailure) -> HistorySlice {
        var walk = PositionWalk(query)
        let stride = query.subject.isFiltered ? 256 : query.count + 1
        var found: [RecordedEntry] = []
        var scanned = 0
        var last: Position?
        var hasMore = false
        search: while true {
            let positions = try walk.positions(in: reader, atMost: stride)
            let wanted = query.subject.isFiltered ? [] : positions.prefix(query.count)
            let together = try entries(at: Array(wanted))
            for (index, position) in positions.enumerated() {
                hasMore = found.count == query.count || scanned == HistoryQuery.scanLimit
                if hasMore { break search }
                let entry = index < together.count ? together[index] : try entry(at: position)
                guard let entry else { throw .malformedRecord(kind: "entry") }
                scanned += 1
                last = position
                let recorded = RecordedEntry(entry, at: position)
                if query.subject.includes(recorded) { found.append(recorded) }
            }
            if positions.count < stride { break search }
        }
        return HistorySlice(
            entries: found,
            next: hasMore ? last.map(PositionCursor.init) : nil,
            previous: found.first.map { PositionCursor($0.position) },
            scanned: scanned
        )
    }

    /// An entry by its name, or nil where it is not recorded.
    public func recorded(_ id: Digest) throws(StoreFailure) -> RecordedEntry? {
        guard let position = try position(of: id) else { return nil }
        guard let entry = try entry(at: position) else { throw .malformedRecord(kind: "entry") }
        return RecordedEntry(entry, at: position)
    }
}

extension HistoryQuery.Subject {
    /// Whether the index has entries that are not asked for.
    fileprivate var isFiltered: Bool {
        if case .authorInMeeting = self { true } else { false }
    }

    fileprivate func includes(_ recorded: RecordedEntry) -> Bool {
        guard case .authorInMeeting(_, let meeting) = self else { return true }
        return recorded.entry.kind == .open
            ? recorded.id == meeting : recorded.entry.meeting == meeting
    }
}

/// A walk over an index whose keys end in positions.
struct PositionWalk {
    private let prefix: [UInt8]
    private let isBackwards: Bool
    private var lower: [UInt8]
    private var upper: [UInt8]

    init(_ query: HistoryQuery) {
        // An author writes in a meeting no more than everywhere, and by default nowhere else.
        let prefix =
            switch query.subject {
            case .meeting(let id): Schema.key(.meetingEntry, id)
            case .author(let key), .authorInMeeting(let key, _): Schema.key(.authorEntry, key)
            }
        self.init(
            prefix: prefix,
            from: query.from,
            to: query.to,
            cursor: query.cursor?.position,
            isBackwards: query.isBackwards
        )
    }

    init(
        prefix: [UInt8],
        from: Height = .genesis,
        to: Height = Height(.max),
        cursor: Position?,
        isBackwards: Bool
    ) {
        self.prefix = prefix
        self.isBackwards = isBackwards
        lower = Self.key(prefix, Position(height: from, index: 0))
        // No key is longer, so one more byte stands behind every key of the last height.
        upper = Self.key(prefix, Position(height: to, index: .max)) + [0]
        if let cursor { pass(cursor) }
    }

    /// The next positions on the way, which the walk then has behind it.
    mutating func positions(
        in reader: some KeyValueReader,
        atMost count: Int
    ) throws(StoreFailure) -> [Position] {
        try pairs(in: reader, atMost: count).map(\.position)
    }

    /// The next positions with what stands there, which the walk then has behind it.
    mutating func pairs(
        in reader: some KeyValueReader,
        atMost count: Int
    ) throws(StoreFailure) -> [(position: Position, value: [UInt8])] {
        var found: [(position: Position, value: [UInt8])] = []
        let end = prefix.count
        try reader.scan(from: lower, to: upper, backwards: isBackwards) { key, value in
            guard key.count == end + Position.byteCount else { return true }
            found.append((Position(reading: key, at: end), value))
            return found.count < count
        }
        if let last = found.last { pass(last.position) }
        return found
    }

    private mutating func pass(_ position: Position) {
        let key = Self.key(prefix, position)
        if isBackwards {
            if key.lexicographicallyPrecedes(upper) { upper = key }
        } else {
            let behind = key + [0]
            if lower.lexicographicallyPrecedes(behind) { lower = behind }
        }
    }

    private static func key(_ prefix: [UInt8], _ position: Position) -> [UInt8] {
        var key = prefix
        position.append(to: &key)
        return key
    }
}
