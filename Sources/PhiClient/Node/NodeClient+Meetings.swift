public import PhiAPI
public import PhiCrypto
public import PhiLedger

/// Which entries of a meeting are asked for.
public struct HistoryQuery: Equatable, Sendable {
    /// Where to go on, as a page before gave it.
    public var cursor: String?
    /// How many entries a page may have, up to 500.
    public var limit = 100
    /// In which order.
    public var direction = Direction.forward
    /// Only entries of this author.
    public var author: VerifyingKey?
    /// Whether entries that are in no block yet come too.
    public var includesPending = false
    /// Only entries recorded at this height and above.
    public var fromHeight: Height?
    /// Whether each entry comes with the proof that its block holds it.
    public var wantsProof = false

    /// All entries from the first on.
    public init() {}

    var parameters: [(String, JSON)] {
        var parameters: [(String, JSON)] = [
            ("limit", .integer(Int64(limit))), ("direction", .string(direction.rawValue)),
            ("includePending", .bool(includesPending)), ("proof", .bool(wantsProof)),
        ]
        if let cursor { parameters.append(("cursor", .string(cursor))) }
        if let author { parameters.append(("author", .string(author.hex))) }
        if let fromHeight { parameters.append(("from", .integer(Int64(fromHeight.rawValue)))) }
        return parameters
    }
}

extension NodeClient {
    /// A meeting, with the entry that opened it.
    public func meeting(_ id: Digest) async throws(ClientFailure) -> MeetingDocument {
        let found: MeetingDocument = try await document(
            "meeting.get",
            [("meeting", .string(id.hex))]
        )
        guard found.meeting == id else {
            throw .otherDocument(method: "meeting.get", .mismatch(field: "meeting"))
        }
        return found
    }

    /// A page of the meetings in the order in which they were opened.
    public func meetings(
        cursor: String? = nil,
        limit: Int = 100
    ) async throws(ClientFailure) -> DocumentPage<MeetingDocument> {
        try await document("meeting.list", Self.page(cursor, limit))
    }

    /// A page of the entries of a meeting.
    public func history(
        of meeting: Digest,
        _ query: HistoryQuery = HistoryQuery()
    ) async throws(ClientFailure) -> HistoryPage {
        try await document(
            "meeting.history",
            [("meeting", .string(meeting.hex))] + query.parameters
        )
    }

    /// A page of the members of a meeting.
    public func members(
        of meeting: Digest,
        cursor: String? = nil,
        limit: Int = 500
    ) async throws(ClientFailure) -> DocumentPage<MemberDocument> {
        try await document(
            "meeting.members",
            [("meeting", .string(meeting.hex))] + Self.page(cursor, limit)
        )
    }

    /// A page of the minutes of a meeting.
    public func minutes(
        of meeting: Digest,
        cursor: String? = nil,
        limit: Int = 500
    ) async throws(ClientFailure) -> MinutesDocument {
        try await document(
            "meeting.minutes",
            [("meeting", .string(meeting.hex))] + Self.page(cursor, limit)
        )
    }

    /// All members of a meeting, page after page.
    public func allMembers(of meeting: Digest) async throws(ClientFailure) -> [MemberDocument] {
        var members: [MemberDocument] = []
        var cursor: String?
        repeat {
            let page = try await self.members(of: meeting, cursor: cursor)
            members.append(contentsOf: page.items)
            cursor = page.next
        } while cursor != nil
        return members
    }

    static func page(_ cursor: String?, _ limit: Int) -> [(String, JSON)] {
        var parameters: [(String, JSON)] = [("limit", .integer(Int64(limit)))]
        if let cursor { parameters.append(("cursor", .string(cursor))) }
        return parameters
    }
}
