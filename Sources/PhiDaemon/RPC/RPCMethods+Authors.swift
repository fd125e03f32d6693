import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode

extension RPCMethods {
    func authorMethod(
        _ method: String,
        _ parameters: Parameters
    ) async throws(APIError) -> [UInt8] {
        switch method {
        case "author.head": return try await head(parameters).serialized()
        case "author.history":
            let author = try parameters.key("author")
            let meeting = try parameters.optionalDigest("meeting")
            let subject = meeting.map { HistoryQuery.Subject.authorInMeeting(author, $0) }
            return try await history(subject ?? .author(author), pool: .author(author), parameters)
        default: throw .methodNotFound(method)
        }
    }

    /// The next number and predecessor, the author's waiting entries followed one by one.
    private func head(_ parameters: Parameters) async throws(APIError) -> AuthorHeadDocument {
        let slot = AuthorSlot(
            meeting: try parameters.optionalDigest("meeting") ?? .zero,
            author: try parameters.key("author")
        )
        let waiting = await node.pool(.author(slot.author))
            .filter { $0.valid.entry.meeting == slot.meeting }
            .sorted { $0.valid.entry.sequence < $1.valid.entry.sequence }
        let chain = node.snapshot()
        let recorded = try Self.read { () throws(StoreFailure) in try chain.author(slot) }
        var sequence = recorded?.nextSequence ?? 0
        var last = recorded?.lastID ?? .zero
        var pending = 0
        for pooled in waiting
        where pooled.valid.entry.sequence == sequence && pooled.valid.entry.previous == last {
            sequence += 1
            last = pooled.valid.id
            pending += 1
        }
        return AuthorHeadDocument(
            author: slot.author,
            meeting: slot.meeting,
            sequence: sequence,
            previous: last,
            pending: pending
        )
    }
}
