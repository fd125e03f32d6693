import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode

extension RPCMethods {
    func meetingMethod(
        _ method: String,
        _ parameters: Parameters
    ) async throws(APIError) -> [UInt8] {
        switch method {
        case "meeting.get": return try meeting(parameters).serialized()
        case "meeting.list": return try meetings(parameters).serialized()
        case "meeting.members": return try members(parameters).serialized()
        case "meeting.minutes": return try minutes(parameters).serialized()
        case "meeting.history":
            let id = try parameters.digest("meeting")
            let author = try parameters.optionalKey("author")
            let subject = author.map { HistoryQuery.Subject.authorInMeeting($0, id) }
            return try await history(subject ?? .meeting(id), pool: .meeting(id), parameters)
        default: throw .methodNotFound(method)
        }
    }

    private func meeting(_ parameters: Parameters) throws(APIError) -> MeetingDocument {
        let chain = node.snapshot()
        let found = try listed(parameters, chain)
        guard let document = try document(found, try tip(chain)) else { throw .internalFailure }
        return document
    }

    private func listed(
        _ parameters: Parameters,
        _ chain: Chain
    ) throws(APIError) -> ListedMeeting {
        let id = try parameters.digest("meeting")
        let found = try Self.read { () throws(StoreFailure) in try chain.listedMeeting(id) }
        guard let found else {
            throw .notFound("the meeting", remedy: "Check the link, or wait for its first block.")
        }
        return found
    }

    private func tip(_ chain: Chain) throws(APIError) -> Height {
        try Self.read { () throws(StoreFailure) in try chain.tip().height }
    }

    private func document(
        _ meeting: ListedMeeting,
        _ tip: Height
    ) throws(APIError) -> MeetingDocument? {
        MeetingDocument(open: meeting.open.entry, state: meeting.state, tip: tip)
    }

    private func meetings(
        _ parameters: Parameters
    ) throws(APIError) -> DocumentPage<MeetingDocument> {
        let limit = try parameters.pageLimit()
        let cursor = try positionCursor(parameters)
        let direction = try parameters.choice("direction", default: Direction.forward)
        let wanted = try parameters.optionalString("state", byteLimit: 16)
        guard wanted == nil || wanted == "open" || wanted == "closed" else {
            throw .invalidParameter("state", "The field “state” must be “open” or “closed”.")
        }
        let chain = node.snapshot()
        let tip = try tip(chain)
        let next = tip.next ?? tip
        let page = try Self.read { () throws(StoreFailure) in
            try chain.meetings(
                after: cursor,
                isBackwards: direction == .backward,
                count: limit
            ) { state in
                wanted == nil || state.isClosed(at: next) == (wanted == "closed")
            }
        }
        var documents: [MeetingDocument] = []
        for meeting in page.meetings {
            guard let document = try document(meeting, tip) else { throw .internalFailure }
            documents.append(document)
        }
        return DocumentPage(documents, next: page.next?.text)
    }

    private func members(
        _ parameters: Parameters
    ) throws(APIError) -> DocumentPage<MemberDocument> {
        let limit = try parameters.pageLimit()
        let text = try parameters.cursor()
        let cursor = text.flatMap(KeyCursor.init)
        guard text == nil || cursor != nil else { throw .badCursor }
        let chain = node.snapshot()
        let meeting = try listed(parameters, chain)
        let host = meeting.state.host
        let page = try Self.read { () throws(StoreFailure) in
            try chain.members(of: meeting.id, host: host, after: cursor, count: limit)
        }
        let documents = page.members.compactMap { member in
            MemberDocument(author: member.author, host: host, state: member.state)
        }
        return DocumentPage(documents, next: page.next?.text)
    }

    private func minutes(_ parameters: Parameters) throws(APIError) -> MinutesDocument {
        let limit = try parameters.pageLimit()
        let text = try parameters.cursor()
        let cursor = text.flatMap(MinutesCursor.init)
        guard text == nil || cursor != nil else { throw .badCursor }
        let chain = node.snapshot()
        let meeting = try listed(parameters, chain)
        let tip = try tip(chain)
        var clerk = EntryClerk(chain)
        return try Self.read { () throws(StoreFailure) in
            let slice = try chain.minutes(of: meeting.id, after: cursor, count: limit)
            var approvals: [EntryDocument] = []
            for approval in slice.approvals {
                approvals.append(try clerk.document(approval, withProof: false))
            }
            return MinutesDocument(
                meeting: meeting.id,
                isClosed: meeting.state.isClosed(at: tip.next ?? tip),
                minutes: meeting.state.minutes,
                close: meeting.state.close,
                firstLeaf: slice.firstLeaf,
                leaves: slice.leaves,
                approvals: approvals,
                next: slice.next?.text
            )
        }
    }
}
