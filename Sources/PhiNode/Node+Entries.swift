import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Takes submitted entries into the pool; the answers wait for one durable write.
    mutating func submitted(
        _ submissions: [(token: RequestToken, entry: ValidEntry)]
    ) throws(StoreFailure) {
        var batch = WriteBatch()
        var replies: [Effect] = []
        for submission in submissions {
            let answer = try submit(submission.entry, batch: &batch)
            replies.append(.reply(submission.token, answer))
        }
        commit(batch, durable: true)
        effects.append(contentsOf: replies)
        try retryOrphans()
    }

    private mutating func submit(
        _ valid: ValidEntry,
        batch: inout WriteBatch
    ) throws(StoreFailure) -> Result<Digest, SubmitRefusal> {
        guard !isRetreating else { return .failure(.busy) }
        if try ledger.chain.position(of: valid.id) != nil { return .failure(.recorded) }
        do {
            let (added, dropped) = try pool.add(valid, isOwn: true, now: now)
            batch.promise(added.valid, arrival: added.arrival)
            effects.append(.notify(.pooled(added)))
            drop(dropped, from: &batch)
            guard pool.contains(leaf: valid.leaf) else {
                let found = Stamp.density(of: valid.entry, parameters: network.parameters)
                return .failure(.densityTooLow(minimum: pool.minimumDensity, found: found))
            }
            announce(valid.leaf, except: nil)
            return .success(valid.id)
        } catch {
            switch error {
            case .store(let failure): throw failure
            case .refused(let refusal): return .failure(refusal)
            case .early(.anchorNotBelow(let anchor, _)):
                return .failure(
                    .anchorAhead(tip: ledger.tip.header.height, found: anchor)
                )
            case .early(let violation): return .failure(.context(violation))
            }
        }
    }

    /// Remembers that a peer has entries, and wants those that are new.
    mutating func announced(_ leaves: [Digest], by handle: PeerHandle) {
        for leaf in leaves {
            peers[handle]?.known.insert(leaf)
            want(leaf, from: handle)
        }
    }

    private mutating func want(_ leaf: Digest, from handle: PeerHandle) {
        guard let peer = peers[handle], peer.announcedByPeer < policy.announcementsPerPeer,
            !pool.contains(leaf: leaf), !settledLeaves.contains(leaf),
            !orphans.contains(leaf: leaf), !leavesInJudgement.contains(leaf)
        else { return }
        if let present = wanted[leaf] {
            guard !present.announcers.contains(handle), present.askedOf != handle,
                present.announcers.count < 8
            else { return }
            wanted[leaf]?.announcers.append(handle)
        } else {
            wanted[leaf] = WantedEntry(announcers: [handle], askedOf: nil, deadline: now)
            wantedOrder.append(leaf)
        }
        peers[handle]?.announcedByPeer += 1
    }

    /// Wanted entries that one step looks at, so that a flood of them slows nothing down.
    private static var wantedAtOnce: Int { 2_048 }

    /// Asks for wanted entries, each of one peer at a time.
    mutating func askForEntries() {
        guard !wantedOrder.isEmpty, tree.plan.count < 16 else { return }
        var asked: [PeerHandle: [Digest]] = [:]
        var later: [Digest] = []
        for leaf in wantedOrder.prefix(Self.wantedAtOnce) {
            guard let entry = wanted[leaf], entry.askedOf == nil else { continue }
            guard let handle = nextAnnouncer(of: leaf) else {
                if wanted[leaf] != nil { later.append(leaf) }
                continue
            }
            asked[handle, default: []].append(leaf)
        }
        wantedOrder = Array(wantedOrder.dropFirst(Self.wantedAtOnce)) + later
        for (handle, leaves) in asked.sorted(by: { $0.key < $1.key }) {
            for message in Message.requests(forEntries: leaves) { send(message, to: handle) }
        }
    }

    /// Chooses whom to ask for an entry; without anybody left the entry is given up.
    private mutating func nextAnnouncer(of leaf: Digest) -> PeerHandle? {
        while let handle = wanted[leaf]?.announcers.first {
            guard let peer = peers[handle] else {
                wanted[leaf]?.announcers.removeFirst()
                continue
            }
            guard peer.entriesInFlight < policy.entriesPerPeer else { return nil }
            wanted[leaf]?.announcers.removeFirst()
            let deadline = now.adding(milliseconds: policy.entryPatience)
            wanted[leaf]?.askedOf = handle
            wanted[leaf]?.deadline = deadline
            peers[handle]?.entriesInFlight += 1
            peers[handle]?.announcedByPeer -= 1
            return handle
        }
        wanted[leaf] = nil
        return nil
    }

    /// An entry came, or will not come from the peer that was asked.
    private mutating func unasked(_ leaf: Digest) {
        guard let handle = wanted[leaf]?.askedOf else { return }
        wanted[leaf]?.askedOf = nil
        peers[handle]?.entriesInFlight -= 1
        wantedOrder.append(leaf)
    }

    private mutating func unwant(_ leaf: Digest) {
        guard let entry = wanted.removeValue(forKey: leaf) else { return }
        if let handle = entry.askedOf { peers[handle]?.entriesInFlight -= 1 }
        for handle in entry.announcers { peers[handle]?.announcedByPeer -= 1 }
    }

    mutating func missing(entries leaves: [Digest], at handle: PeerHandle) {
        for leaf in leaves where wanted[leaf]?.askedOf == handle { unasked(leaf) }
    }

    /// Asks another peer for entries that did not come in time.
    mutating func expireEntryRequests() {
        let late = wanted.filter { $0.value.askedOf != nil && $0.value.deadline <= now }
        for leaf in late.keys.sorted() { unasked(leaf) }
    }

    /// Takes back all that concerns the entries of a peer that left.
    mutating func forget(_ peer: Peer) {
        let asked = wanted.filter { $0.value.askedOf == peer.handle }
        for leaf in asked.keys.sorted() {
            wanted[leaf]?.askedOf = nil
            wantedOrder.append(leaf)
        }
    }

    /// Answers with entries of the pool, as many as one answer may hold.
    mutating func serveEntries(_ leaves: [Digest], to handle: PeerHandle) {
        var found: [Entry] = []
        var absent: [Digest] = []
        var bytes = 0
        for leaf in leaves {
            if bytes < policy.entryBytesPerAnswer, let pooled = pool.entry(leaf: leaf) {
                bytes += pooled.valid.entry.bytes.count
                found.append(pooled.valid.entry)
                peers[handle]?.known.insert(leaf)
            } else {
                absent.append(leaf)
            }
        }
        for message in Message.deliveries(of: found) { send(message, to: handle) }
        for message in Message.missing(entries: absent) { send(message, to: handle) }
    }

    /// Has entries judged that were asked of a peer; others are not even looked at.
    mutating func received(_ entries: [Entry], from handle: PeerHandle) {
        var leaves: [Digest] = []
        var fresh: [Entry] = []
        for entry in entries {
            let leaf = entry.leaf
            guard wanted[leaf]?.askedOf == handle else { continue }
            unwant(leaf)
            guard entriesInJudgement < policy.entriesInJudgement, entry.chain == network.chain
            else { continue }
            entriesInJudgement += 1
            leavesInJudgement.insert(leaf)
            leaves.append(leaf)
            fresh.append(entry)
        }
        guard !fresh.isEmpty else { return }
        let token = token()
        judgements[token] = .entries(peer: handle, leaves: leaves)
        effects.append(.judge(token, fresh))
    }

    mutating func judgedEntries(
        _ results: [Result<ValidEntry, EntryViolation>],
        leaves: [Digest],
        from handle: PeerHandle
    ) throws(StoreFailure) {
        var batch = WriteBatch()
        var isToBlame = false
        for (leaf, result) in zip(leaves, results) {
            entriesInJudgement -= 1
            leavesInJudgement.remove(leaf)
            switch result {
            case .success(let valid): try take(valid, from: handle, batch: &batch)
            case .failure:
                settledLeaves.insert(leaf)
                isToBlame = true
            }
        }
        try retryOrphans(&batch)
        commit(batch, durable: false)
        if isToBlame { misbehaved(handle, .invalidEntry) }
    }

    /// Takes an entry of a peer into the pool, or keeps it until what it needs has come.
    @discardableResult
    private mutating func take(
        _ valid: ValidEntry,
        from handle: PeerHandle,
        batch: inout WriteBatch
    ) throws(StoreFailure) -> Bool {
        do {
            let (added, dropped) = try pool.add(valid, isOwn: false, now: now)
            orphans.remove(leaf: valid.leaf)
            effects.append(.notify(.pooled(added)))
            drop(dropped, from: &batch)
            announce(valid.leaf, except: handle)
            return true
        } catch {
            switch error {
            case .store(let failure): throw failure
            case .refused(let refusal):
                orphans.remove(leaf: valid.leaf)
                if refusal.isLasting, !isPoolStale { settledLeaves.insert(valid.leaf) }
                return false
            case .early:
                if try ledger.chain.position(of: valid.id) == nil {
                    orphans.keep(valid, from: handle, now: now)
                }
                return false
            }
        }
    }

    /// Tries entries again that waited for others, as long as one of them finds its place.
    mutating func retryOrphans() throws(StoreFailure) {
        var batch = WriteBatch()
        try retryOrphans(&batch)
        commit(batch, durable: false)
    }

    private mutating func retryOrphans(_ batch: inout WriteBatch) throws(StoreFailure) {
        var hasProgress = true
        while hasProgress, !orphans.isEmpty {
            hasProgress = false
            for orphan in orphans.waiting(now: now)
            where try take(orphan.valid, from: orphan.peer, batch: &batch) {
                hasProgress = true
            }
        }
    }
}
