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
        var waked = WriteBatch()
        try wakeOrphans(by: submissions.map(\.entry), batch: &waked)
        commit(waked, durable: false)
    }

    private mutating func submit(
        _ valid: ValidEntry,
        batch: inout WriteBatch
    ) throws(StoreFailure) -> Result<Digest, SubmitRefusal> {
        guard !isRetreating, !isRestoring else { return .failure(.busy) }
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
        for pooled in try pool.keep(before: valid) {
            batch.promise(pooled.valid, arrival: pooled.arrival)
        }
        return .success(valid.id)
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
            !orphans.contains(leaf: leaf), leavesInJudgement[leaf] == nil
        else { return }
        if let present = wanted[leaf] {
            guard !present.announcers.contains(handle), present.askedOf != handle else { return }
            guard addAnnouncer(peer, of: leaf, to: present) else { return }
        } else {
            let share = policy.wantedEntries / 2
            guard wanted.count < policy.wantedEntries,
                wanted.count < share || peer.announcedByPeer < share / wantingPeers
            else { return }
            wanted[leaf] = WantedEntry(announcers: [handle], askedOf: nil, deadline: now)
            wantedOrder.append(leaf)
        }
        peers[handle]?.announcedByPeer += 1
    }

    /// Remembers one more peer that has an entry; those that we called are asked first.
    ///
    /// They also take the places of others, so that strangers who announce everything and deliver
    /// nothing cannot hide an entry.
    private mutating func addAnnouncer(
        _ peer: Peer,
        of leaf: Digest,
        to entry: WantedEntry
    ) -> Bool {
        let isFull = entry.announcers.count >= 8
        guard !peer.isInbound else {
            if !isFull { wanted[leaf]?.announcers.append(peer.handle) }
            return !isFull
        }
        if isFull, let gone = wanted[leaf]?.announcers.popLast() {
            peers[gone]?.announcedByPeer -= 1
        }
        wanted[leaf]?.announcers.insert(peer.handle, at: 0)
        return true
    }

    /// Peers among whom the places for wanted entries are shared out.
    private var wantingPeers: Int { max(1, linkLimit) }

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
        for leaf in late.keys.sorted() {
            note(.undeliveredEntry)
            unasked(leaf)
        }
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
                peers[handle]?.relay.offers.give(leaf)
            } else {
                absent.append(leaf)
            }
        }
        for message in Message.deliveries(of: found) { send(message, to: handle) }
        for message in Message.missing(entries: absent) { send(message, to: handle) }
    }

    /// Has entries judged that were asked of a peer; others are not even looked at.
    mutating func received(
        _ entries: [Entry],
        from handle: PeerHandle
    ) throws(StoreFailure) {
        var leaves: [Digest] = []
        var fresh: [Entry] = []
        var bytes = 0
        for entry in entries {
            let leaf = entry.leaf
            guard wanted[leaf]?.askedOf == handle else { continue }
            unwant(leaf)
            guard try !isRedundant(entry) else {
                if !orphans.hasPlaceTaken(by: entry) { settledLeaves.insert(leaf) }
                continue
            }
            let size = entry.bytes.count
            guard entriesInJudgement < policy.entriesInJudgement, entry.chain == network.chain,
                bytesInJudgement + size <= policy.bytesInJudgement
            else { continue }
            entriesInJudgement += 1
            leavesInJudgement[leaf] = entry
            bytesInJudgement += size
            bytes += size
            leaves.append(leaf)
            fresh.append(entry)
        }
        guard !fresh.isEmpty else { return }
        let token = token()
        judgements[token] = .entries(peer: handle, leaves: leaves, bytes: bytes)
        try judge(fresh, as: token)
    }

    /// Whether an entry is another form of one that is here, not better than that.
    ///
    /// One stamp fits any number of signatures: they must not cost a signature's check each.
    private func isRedundant(_ entry: Entry) throws(StoreFailure) -> Bool {
        let id = entry.id
        if let present = pool.entries[id] {
            let (needed, overflow) = present.valid.entry.stampWork
                .multipliedReportingOverflow(by: 2)
            return overflow || entry.stampWork < needed
        }
        if orphans.hasPlaceTaken(by: entry) { return true }
        return try ledger.chain.position(of: id) != nil
    }

    mutating func judgedEntries(
        _ results: [Result<ValidEntry, EntryViolation>],
        leaves: [Digest],
        from handle: PeerHandle
    ) throws(StoreFailure) {
        var batch = WriteBatch()
        var isToBlame = false
        var taken: [ValidEntry] = []
        for (leaf, result) in zip(leaves, results) {
            entriesInJudgement -= 1
            leavesInJudgement[leaf] = nil
            switch result {
            case .success(let valid):
                if try take(valid, from: handle, batch: &batch) { taken.append(valid) }
            case .failure:
                settledLeaves.insert(leaf)
                isToBlame = true
            }
        }
        try wakeOrphans(by: taken, batch: &batch)
        commit(batch, durable: false)
        if isToBlame { misbehaved(handle, .invalidEntry) }
    }

    /// Takes an entry of a peer into the pool, or keeps it until what it needs has come.
    @discardableResult
    mutating func take(
        _ valid: ValidEntry,
        from handle: PeerHandle,
        batch: inout WriteBatch
    ) throws(StoreFailure) -> Bool {
        guard !isRestoring else {
            orphans.keep(valid, from: handle, now: now)
            return false
        }
        do {
            let (added, dropped) = try pool.add(valid, isOwn: false, now: now)
            orphans.remove(leaf: valid.leaf)
            peers[handle]?.lastEntryAt = now
            effects.append(.notify(.pooled(added)))
            drop(dropped, from: &batch)
            announce(valid.leaf, except: handle)
            return true
        } catch {
            switch error {
            case .store(let failure): throw failure
            case .refused(let refusal):
                orphans.remove(leaf: valid.leaf)
                if case .pooled = refusal { note(.rivalEntry) }
                if refusal.isLasting, !isPoolStale { settledLeaves.insert(valid.leaf) }
                return false
            case .early:
                if try ledger.chain.position(of: valid.id) == nil {
                    if !orphans.contains(leaf: valid.leaf) { note(.orphanEntry) }
                    orphans.keep(valid, from: handle, now: now)
                } else {
                    orphans.remove(leaf: valid.leaf)
                }
                return false
            }
        }
    }
}
