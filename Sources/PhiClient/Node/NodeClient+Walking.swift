import PhiAPI
import PhiCrypto
import PhiLedger

extension NodeClient {
    /// Hands over all entries of a meeting in chain order, checked, the `open` included.
    ///
    /// A meeting that is in no block yet has none but those that wait.
    func forEachEntry(
        of meeting: Digest,
        on network: Network,
        by author: VerifyingKey? = nil,
        withPending: Bool = false,
        _ body: (EntryDocument) throws -> Void
    ) async throws {
        var query = HistoryQuery()
        query.limit = Int(PageLimit.range.upperBound)
        query.author = author
        query.includesPending = withPending
        repeat {
            let found = try await ifKnown { try await history(of: meeting, query) }
            guard let page = found else { return }
            let isLast = page.next == nil
            for document in page.entries + (withPending && isLast ? page.pending : []) {
                try EntryCheck.check(document, in: meeting, network: network)
                if let author, document.entry.author != author {
                    throw ParticipantFailure.wrongEntry(document.id, .otherAuthor)
                }
                try body(document)
            }
            query.cursor = page.next
        } while query.cursor != nil
    }
}

extension NodeClient {
    /// What a call gives, or nil where the node does not know what it is about.
    package func ifKnown<Value>(_ call: () async throws -> Value) async throws -> Value? {
        do { return try await call() } catch ClientFailure.refused(let error)
            where error.code == APIError.Code.notFound
        {
            return nil
        }
    }
}
