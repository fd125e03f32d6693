import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode

/// A meeting as this node knows it: in the chain, with the entries that wait for a block.
struct MeetingView {
    /// The meeting.
    let id: Digest
    /// The entry that opened it.
    let open: Entry
    /// The terms in that entry.
    let terms: MeetingTerms
    /// The state at the tip; nil while the meeting waits for its first block.
    let state: MeetingState?
    /// The entries that wait, in the order in which they came.
    let pooled: [PooledEntry]
    /// The chain.
    let chain: RPCMethods.Chain
    /// The height of the chain's last block.
    let tip: Height

    /// Looks a meeting up, the pool first, so that nothing vanishes between.
    init(_ id: Digest, at node: NodeAccess) async throws(APIError) {
        let waiting = await node.pool(.meeting(id))
        let chain = node.snapshot()
        let found = try NodeKeystore.read { () throws(StoreFailure) in
            try chain.listedMeeting(id)
        }
        let open = found?.open.entry ?? waiting.first { $0.valid.id == id }?.valid.entry
        guard let open, let terms = try? MeetingTerms(decoding: open.payload) else {
            throw .notFound("the meeting", remedy: "Check the link, or wait for its first block.")
        }
        self.id = id
        self.open = open
        self.terms = terms
        self.chain = chain
        state = found?.state
        tip = try NodeKeystore.read { () throws(StoreFailure) in try chain.tip().height }
        pooled = try NodeKeystore.read { () throws(StoreFailure) in
            var rest: [PooledEntry] = []
            for pooled in waiting where try chain.position(of: pooled.valid.id) == nil {
                rest.append(pooled)
            }
            return rest
        }
    }

    /// The host's key.
    var host: VerifyingKey { open.author }

    /// Whether contents are sealed.
    var isPrivate: Bool { terms.reading == .secretHolders }

    /// The key that admits by link once all waiting entries are recorded.
    var linkKey: VerifyingKey {
        var key = state?.linkKey ?? terms.linkKey
        for case .revoke(let revocation) in pooled.map(\.valid.payload) {
            key = revocation.linkKey
        }
        return key
    }

    /// Whether the chain has ended the meeting for the next block.
    var isClosed: Bool { state?.isClosed(at: tip.next ?? tip) ?? false }

    /// Whether the meeting is ended, or will be by an entry that waits.
    var isEnding: Bool { isClosed || pooled.contains { $0.valid.payload == .close } }

    /// The authors whom waiting entries shut out.
    var revokedByPool: Set<VerifyingKey> {
        var keys: Set<VerifyingKey> = []
        for case .revoke(let revocation) in pooled.map(\.valid.payload) {
            keys.formUnion(revocation.keys)
        }
        return keys
    }

    /// What the chain knows of an author.
    func author(_ key: VerifyingKey) throws(APIError) -> AuthorState {
        try NodeKeystore.read { () throws(StoreFailure) in
            try chain.author(AuthorSlot(meeting: id, author: key)) ?? AuthorState()
        }
    }

    /// Whether an author may write, as far as that can be told before the entry is made.
    func checkWriter(_ key: VerifyingKey) throws(APIError) {
        guard !isEnding else { throw .context(.meetingClosed) }
        guard key != host else { return }
        let standing = try author(key).standing
        guard standing != .revoked, !revokedByPool.contains(key) else {
            throw .context(.revoked)
        }
        guard terms.writing != .anyone, standing != .member else { return }
        let isComing = pooled.contains { pooled in
            switch pooled.valid.payload {
            case .join: pooled.valid.entry.author == key
            case .admit(let list): list.keys.contains(key)
            default: false
            }
        }
        guard isComing else { throw .context(.notMember) }
    }

    /// The first entry of an author in the meeting, recorded or waiting.
    func firstEntry(of key: VerifyingKey) throws(APIError) -> (entry: Entry, place: Position?)? {
        let query = HistoryQuery(.authorInMeeting(key, id), count: 2)
        let page = try NodeKeystore.read { () throws(StoreFailure) in try chain.history(query) }
        if let first = page.entries.first(where: { $0.entry.meeting == id }) {
            return (first.entry, first.position)
        }
        return pooled.map(\.valid.entry)
            .first { $0.author == key && $0.meeting == id && $0.sequence == 0 }
            .map { ($0, nil) }
    }
}
