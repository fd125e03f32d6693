import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode

extension RPCMethods {
    /// Entries of a page with proofs at most, since each may need a whole block to be read.
    private static let provedLimit = 100

    /// A page of a history, with what waits in the pool where that is asked for.
    func history(
        _ subject: HistoryQuery.Subject,
        pool question: PoolQuery,
        _ parameters: Parameters
    ) async throws(APIError) -> HistoryPage {
        let withProof = try parameters.bool("proof", default: false)
        let query = try query(subject, withProof: withProof, parameters)
        var pooled: [PooledEntry] = []
        var isSeen = false
        if try parameters.bool("includePending", default: false) {
            pooled = await node.pool(question).filter { Self.covers(subject, $0) }
            isSeen = await hasPeers()
        }
        let chain = node.snapshot()
        var clerk = EntryClerk(chain)
        return try Self.read { () throws(StoreFailure) in
            let slice = try chain.history(query)
            var entries: [EntryDocument] = []
            for recorded in slice.entries {
                entries.append(try clerk.document(recorded, withProof: withProof))
            }
            var pending: [EntryDocument] = []
            for waiting in pooled.prefix(HistoryQuery.limit)
            where try chain.position(of: waiting.valid.id) == nil {
                pending.append(
                    try clerk.document(
                        waiting.valid.entry,
                        id: waiting.valid.id,
                        status: status(of: waiting, isSeen: isSeen)
                    )
                )
            }
            return HistoryPage(
                entries: entries,
                pending: pending,
                next: slice.next?.text,
                previous: slice.previous?.text,
                scanned: slice.scanned
            )
        }
    }

    private func query(
        _ subject: HistoryQuery.Subject,
        withProof: Bool,
        _ parameters: Parameters
    ) throws(APIError) -> HistoryQuery {
        let from = try parameters.height("from") ?? 0
        let to = try parameters.height("to") ?? .max
        guard from <= to else {
            throw .invalidParameter("to", "The field “to” must not be below “from”.")
        }
        let limit = try parameters.pageLimit()
        return HistoryQuery(
            subject,
            from: Height(from),
            to: Height(to),
            cursor: try positionCursor(parameters),
            isBackwards: try parameters.choice("direction", default: Direction.forward)
                == .backward,
            count: withProof ? min(limit, Self.provedLimit) : limit
        )
    }

    func positionCursor(_ parameters: Parameters) throws(APIError) -> PositionCursor? {
        guard let text = try parameters.cursor() else { return nil }
        guard let cursor = PositionCursor(text) else { throw .badCursor }
        return cursor
    }

    private static func covers(_ subject: HistoryQuery.Subject, _ pooled: PooledEntry) -> Bool {
        let entry = pooled.valid.entry
        let meeting = entry.kind == .open ? pooled.valid.id : entry.meeting
        return switch subject {
        case .meeting(let id): meeting == id
        case .author(let key): entry.author == key
        case .authorInMeeting(let key, let id): entry.author == key && meeting == id
        }
    }
}

extension APIError {
    /// What a caller hears about a cursor that no page gave.
    static var badCursor: APIError {
        .invalidParameter(
            "cursor",
            "The field “cursor” is none that this method gave. Leave it out to start anew."
        )
    }
}
