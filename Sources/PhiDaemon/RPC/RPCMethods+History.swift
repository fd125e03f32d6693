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
    ) async throws(APIError) -> [UInt8] {
        let withProof = try parameters.bool("proof", default: false)
        let query = try query(subject, withProof: withProof, parameters)
        guard try parameters.bool("includePending", default: false) else {
            return try recorded(query, withProof: withProof)
        }
        let pooled = await node.pool(question).filter { Self.covers(subject, $0) }
        let isSeen = await hasPeers()
        let chain = node.snapshot()
        return try Self.read { () throws(StoreFailure) in
            try page(query, withProof: withProof, chain, pooled, isSeen: isSeen).serialized()
        }
    }

    /// A page of what is recorded, which follows from the chain alone.
    private func recorded(
        _ query: HistoryQuery,
        withProof: Bool
    ) throws(APIError) -> [UInt8] {
        let chain = node.snapshot()
        return try Self.read { () throws(StoreFailure) in
            try answers.answer(
                to: .history(query, withProof: withProof),
                at: chain.tip().hash
            ) { () throws(StoreFailure) in
                let page = try page(query, withProof: withProof, chain, [], isSeen: false)
                return page.serialized()
            }
        }
    }

    private func page(
        _ query: HistoryQuery,
        withProof: Bool,
        _ chain: Chain,
        _ pooled: [PooledEntry],
        isSeen: Bool
    ) throws(StoreFailure) -> HistoryPage {
        var clerk = EntryClerk(chain)
        let slice = try chain.history(query)
        var entries: [EntryDocument] = []
        entries.reserveCapacity(slice.entries.count)
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
