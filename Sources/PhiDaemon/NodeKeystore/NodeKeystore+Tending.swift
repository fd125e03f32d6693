import PhiAPI
import PhiChain
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiNode

extension NodeKeystore {
    /// Signs the minutes of meetings that were ended here, once the end is settled, and again where a
    /// reorganization has changed them.
    func tend() async {
        let waiting: [KeptMeeting]
        do { waiting = try keystore.contents().all.filter(\.approvesMinutes) } catch {
            _ = failed(error)
            return
        }
        for kept in waiting where kept.chain == node.network.chain {
            do throws(APIError) {
                try await inTurn(kept.meeting) { () throws(APIError) in
                    try await tend(kept.meeting)
                }
            } catch {
                // Whatever hinders it, the next round tries again; failures of files were reported.
                continue
            }
        }
    }

    /// Notes that the minutes of a meeting are to be signed here.
    func approveLater(_ meeting: Digest) async throws(APIError) {
        let chain = node.network.chain
        try await update(meeting) { kept in
            var changed = kept ?? KeptMeeting(chain: chain, meeting: meeting)
            changed.approvesMinutes = true
            kept = changed
        }
    }

    private func tend(_ meeting: Digest) async throws(APIError) {
        let view = try await view(of: meeting)
        let role = try hostRole(in: view)
        guard let state = view.state, view.isClosed, try isEndSettled(state, view) else { return }
        let author = try author(role)
        let isWaiting = view.pooled.contains { pooled in
            guard case .approve = pooled.valid.payload else { return false }
            return pooled.valid.entry.author == author
        }
        guard try view.author(author).hasApproved else {
            if !isWaiting { _ = try await sign(minutesOf: state, view, role) }
            return
        }
        guard try isApprovalSettled(of: author, view) else { return }
        try await update(meeting) { $0?.approvesMinutes = false }
    }

    private func isEndSettled(
        _ state: MeetingState,
        _ view: MeetingView
    ) throws(APIError) -> Bool {
        guard !state.close.isZero else {
            let last = state.lastOpenHeight ?? .max
            let (end, overflow) = last.addingReportingOverflow(UInt64(Depth.settled))
            return !overflow && UInt64(view.tip.rawValue) >= end
        }
        return try isSettled(state.close, view)
    }

    private func isApprovalSettled(
        of author: VerifyingKey,
        _ view: MeetingView
    ) throws(APIError) -> Bool {
        var query = HistoryQuery(.authorInMeeting(author, view.id), count: 1)
        query.isBackwards = true
        let page = try Self.read { () throws(StoreFailure) in try view.chain.history(query) }
        guard let last = page.entries.first, last.entry.kind == .approve else { return false }
        return try isSettled(last.id, view)
    }

    private func isSettled(_ entry: Digest, _ view: MeetingView) throws(APIError) -> Bool {
        try Self.read { () throws(StoreFailure) in
            guard let position = try view.chain.position(of: entry) else { return false }
            var clerk = EntryClerk(view.chain)
            let step = try clerk.status(of: entry, at: position).status
            return step == .settled || step == .deep
        }
    }
}
