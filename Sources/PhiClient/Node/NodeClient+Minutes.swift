public import PhiAPI
public import PhiCrypto
public import PhiLedger

extension NodeClient {
    /// The entries that sign given minutes of a meeting.
    public func approvals(
        of meeting: Digest,
        on network: Network,
        _ minutes: MinutesDigest
    ) async throws -> [EntryDocument] {
        var approvals: [EntryDocument] = []
        try await forEachEntry(of: meeting, on: network) { document in
            guard document.entry.kind == .approve,
                try Approval(decoding: document.entry.payload).minutes == minutes
            else { return }
            approvals.append(document)
        }
        return approvals
    }

    /// The minutes that a meeting's entries make, each of them checked.
    public func computedMinutes(
        of meeting: Digest,
        on network: Network
    ) async throws -> MinutesDigest {
        var frontier = MerkleFrontier()
        try await forEachEntry(of: meeting, on: network) { document in
            guard document.entry.kind != .approve else { return }
            frontier.append(leaf: document.entry.leaf)
        }
        return MinutesDigest(count: frontier.count, root: frontier.root)
    }
}
