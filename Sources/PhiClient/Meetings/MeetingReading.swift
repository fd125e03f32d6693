import PhiAPI
public import PhiCrypto
public import PhiLedger
public import PhiMeetings

/// Reads a meeting at a node, for people who need not write there.
public struct MeetingReading: Sendable {
    /// How far the record was shown.
    public struct Seen: Sendable {
        /// The height of the last recorded entry shown.
        var height = Height.genesis
        /// Entries shown at that height, or while they were pending.
        var entries: Set<Digest> = []
    }

    private let reference: MeetingReference
    private let node: NodeClient
    private let network: Network
    private let keystore: Keystore?

    /// A reading of a meeting.
    ///
    /// - Parameters:
    ///   - reference: The meeting; a link's secret opens what is sealed under it.
    ///   - node: The node.
    ///   - network: The network.
    ///   - keystore: The keystore with further secrets, if there is one.
    public init(
        of reference: MeetingReference,
        at node: NodeClient,
        network: Network,
        keystore: Keystore?
    ) {
        self.reference = reference
        self.node = node
        self.network = network
        self.keystore = keystore
    }

    /// A reader with all secrets that link, keystore and chain lead to.
    public func reader() async throws -> MeetingReader {
        var contents =
            try keystore?.contents() ?? KeystoreContents(seed: .fresh(), device: 0)
        if case .link(let link) = reference {
            var kept =
                contents[link.meeting]
                ?? KeptMeeting(chain: network.chain, meeting: link.meeting)
            kept.learn(link)
            contents[link.meeting] = kept
        }
        return try await MeetingReader.make(
            of: reference.meeting,
            at: node,
            network: network,
            contents: contents
        )
    }

    /// Shows the record, or its newest entries.
    ///
    /// - Parameters:
    ///   - reader: Checks and opens.
    ///   - limit: Only so many of the newest recorded entries; nil shows all.
    ///   - author: Only entries of this author.
    ///   - pending: Whether entries in no block yet come too.
    ///   - show: Takes each entry, the oldest first.
    /// - Returns: How far the record was shown.
    /// - Throws: The first entry that is wrong, or why the node did not answer.
    public func show(
        _ reader: MeetingReader,
        limit: Int?,
        author: VerifyingKey?,
        pending: Bool,
        _ show: (ReadEntry) -> Void
    ) async throws -> Seen {
        var query = HistoryQuery()
        query.author = author
        query.includesPending = pending
        var seen = Seen()
        guard let limit else {
            try await forward(query, reader, &seen, pending: pending, show)
            return seen
        }
        query.direction = .backward
        var newest: [EntryDocument] = []
        var waiting: [EntryDocument] = []
        repeat {
            query.limit = min(limit - newest.count, Int(PageLimit.range.upperBound))
            let page = try await node.history(of: reference.meeting, query)
            if waiting.isEmpty { waiting = page.pending }
            newest.append(contentsOf: page.entries)
            query.cursor = page.next
        } while query.cursor != nil && newest.count < limit
        for document in newest.reversed() { try showOnce(document, reader, &seen, show) }
        for document in waiting where pending { try showOnce(document, reader, &seen, show) }
        return seen
    }

    /// Shows what came to the record since.
    public func showNew(
        _ reader: MeetingReader,
        after seen: Seen,
        author: VerifyingKey?,
        pending: Bool,
        _ show: (ReadEntry) -> Void
    ) async throws -> Seen {
        var query = HistoryQuery()
        query.author = author
        query.includesPending = pending
        query.fromHeight = seen.height
        var seen = seen
        try await forward(query, reader, &seen, pending: pending, show)
        return seen
    }

    private func forward(
        _ query: HistoryQuery,
        _ reader: MeetingReader,
        _ seen: inout Seen,
        pending: Bool,
        _ show: (ReadEntry) -> Void
    ) async throws {
        var query = query
        query.limit = Int(PageLimit.range.upperBound)
        repeat {
            let page = try await node.history(of: reference.meeting, query)
            for document in page.entries { try showOnce(document, reader, &seen, show) }
            query.cursor = page.next
            guard query.cursor == nil, pending else { continue }
            for document in page.pending { try showOnce(document, reader, &seen, show) }
        } while query.cursor != nil
    }

    private func showOnce(
        _ document: EntryDocument,
        _ reader: MeetingReader,
        _ seen: inout Seen,
        _ show: (ReadEntry) -> Void
    ) throws {
        let entry = try reader.read(document)
        if let height = document.status?.place?.height { seen.height = max(seen.height, height) }
        guard seen.entries.insert(document.id).inserted else { return }
        show(entry)
    }
}
