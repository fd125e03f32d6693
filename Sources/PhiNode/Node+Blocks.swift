import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Whether a tip that a peer told lies on the way to the best header, or may lie beyond it.
    func leads(_ claim: TipClaim) throws(StoreFailure) -> Bool {
        guard let header = tree.candidate(claim.hash) else {
            return try ledger.chain.height(of: claim.hash) == nil
        }
        return isPlanned(header)
    }

    /// Whether a known header lies on the way to the best one.
    func isPlanned(_ header: ValidHeader) -> Bool {
        let above = Int(header.header.height.distance(above: tree.fork))
        let plan = tree.plan
        return above > 0 && above <= plan.count && plan[plan.startIndex + above - 1] == header.hash
    }

    /// Lets go of bodies that no longer lie on the way to the best header.
    mutating func dropStrayBodies() {
        guard planGeneration != tree.generation else { return }
        planGeneration = tree.generation
        hasDownloadsToPlan = true
        guard !ready.isEmpty else { return }
        let plan = Set(tree.plan)
        for hash in ready.keys.sorted() where !plan.contains(hash) {
            ready[hash] = nil
            unreserve(hash)
        }
    }

    func isInJudgement(_ hash: Digest) -> Bool { judgedBlocks.contains(hash) }

    /// Answers with bodies of the connected chain.
    mutating func serveBlocks(
        _ hashes: [Digest],
        to handle: PeerHandle
    ) throws(StoreFailure) {
        var absent: [Digest] = []
        for hash in hashes {
            if let height = try ledger.chain.height(of: hash) {
                let body = try ledger.chain.body(at: height)
                charge(handle, .blockQueries, UInt64(body.count))
                send(.block(hash: hash, body: body), to: handle)
            } else if let body = relayed.body(of: hash) {
                send(.block(hash: hash, body: body.encoded), to: handle)
            } else {
                absent.append(hash)
            }
        }
        if !absent.isEmpty { send(.missingBlocks(absent), to: handle) }
    }

    /// Checks a body against its header and has its new entries judged.
    mutating func received(
        _ bytes: [UInt8],
        of hash: Digest,
        from handle: PeerHandle
    ) throws(StoreFailure) {
        // Who pushed a block may give it whole instead of the entries that it lacked.
        let isOwed = peers[handle]?.blocks.removeValue(forKey: hash) != nil
        guard isOwed || assemblies[hash]?.peer == handle else { return }
        delivered(handle)
        // Where several were asked the first that comes counts, and no other is to blame.
        guard let holders = requested.removeValue(forKey: hash) else { return }
        assemblies[hash] = nil
        guard let header = tree.candidate(hash), isPlanned(header) else { return unreserve(hash) }
        let body: BlockBody
        do {
            body = try BlockBody(
                decoding: bytes,
                for: header.header,
                parameters: network.parameters
            )
        } catch {
            if error.condemnsHeader {
                unreserve(hash)
                try condemn(hash)
                return blame(handle, for: hash)
            }
            requested[hash] = holders
            release(hash, by: handle)
            return misbehaved(handle, .mutatedBody)
        }
        peers[handle]?.hasProven = true
        try passOn(header, body, except: handle)
        try keepOrJudge(body, bytes, of: header, from: handle)
    }

    /// Keeps a body for a branch that is not followed yet, or has it judged.
    mutating func keepOrJudge(
        _ body: BlockBody,
        _ bytes: [UInt8],
        of header: ValidHeader,
        from handle: PeerHandle
    ) throws(StoreFailure) {
        let hash = header.hash
        if tree.fork < ledger.tip.header.height {
            var batch = WriteBatch()
            batch.putSideBlock(header, body: bytes)
            commit(batch, durable: false)
            storedBeside.insert(hash)
            unreserve(hash)
            effects.append(.resume)
            return
        }
        try judge(body, of: header, from: handle)
    }

    /// Starts a peer's time for the next block anew, and asks it for more once half has come.
    private mutating func delivered(_ handle: PeerHandle) {
        peers[handle]?.downloadingSince = now
        let wasWaitedFor = stall?.peer == handle
        if wasWaitedFor { stall = nil }
        guard let peer = peers[handle] else { return }
        let isHalfDone =
            peer.blocks.count <= policy.blocksPerPeer / 2
            && peer.blockBytes <= policy.blockBytesPerPeer / 2
        hasDownloadsToPlan = hasDownloadsToPlan || isHalfDone || wasWaitedFor
    }

    /// Has those entries of a body judged that the pool has not judged before.
    mutating func judge(
        _ body: BlockBody,
        of header: ValidHeader,
        from handle: PeerHandle?
    ) throws(StoreFailure) {
        let hash = header.hash
        guard !isAssumedValid(header) else { return try assume(body, of: hash, from: handle) }
        let isPoolEmpty = pool.count == 0
        let known = body.entries.map { entry in
            isPoolEmpty ? nil : pool.entry(leaf: entry.leaf)?.valid
        }
        let unknown = zip(body.entries, known).filter { $0.1 == nil }.map(\.0)
        guard !unknown.isEmpty else {
            ready[hash] = ReadyBlock(entries: known.compactMap(\.self), peer: handle)
            return
        }
        let token = token()
        judgements[token] = .block(hash, peer: handle, known: known)
        judgedBlocks.insert(hash)
        try judge(unknown, as: token)
    }

    /// Takes the judges' answer.
    mutating func judged(
        _ token: RequestToken,
        _ results: [Result<ValidEntry, EntryViolation>]
    ) throws(StoreFailure) {
        switch judgements.removeValue(forKey: token) {
        case .block(let hash, let peer, let known):
            judgedBlocks.remove(hash)
            try judgedBlock(hash, peer: peer, known: known, results)
        case .entries(let peer, let leaves, let bytes):
            bytesInJudgement -= bytes
            try judgedEntries(results, leaves: leaves, from: peer)
        case .restored: try restored(results)
        case nil: break
        }
    }

    private mutating func judgedBlock(
        _ hash: Digest,
        peer: PeerHandle?,
        known: [ValidEntry?],
        _ results: [Result<ValidEntry, EntryViolation>]
    ) throws(StoreFailure) {
        guard let header = tree.candidate(hash), isPlanned(header) else { return unreserve(hash) }
        var entries: [ValidEntry] = []
        entries.reserveCapacity(known.count)
        var rest = results[...]
        for valid in known {
            if let valid {
                entries.append(valid)
                continue
            }
            guard case .success(let valid) = rest.popFirst() else {
                unreserve(hash)
                try condemn(hash)
                blame(peer, for: hash)
                return
            }
            entries.append(valid)
        }
        ready[hash] = ReadyBlock(entries: entries, peer: peer)
    }

    /// Never follows a block again, nor anything that stands on it.
    mutating func condemn(_ hash: Digest) throws(StoreFailure) {
        let node = self
        try tree.invalidate(hash, in: ledger) { node.isHere($0) }
        for hash in relayed.hashes where tree.isInvalid(hash) { relayed.forget(hash) }
        var batch = WriteBatch()
        for hash in storedBeside.sorted() where tree.isInvalid(hash) {
            batch.deleteSideBlock(hash)
            storedBeside.remove(hash)
        }
        commit(batch, durable: false)
        dropStrayBodies()
    }

    mutating func missing(blocks hashes: [Digest], at handle: PeerHandle) {
        for hash in hashes {
            let isOwed = peers[handle]?.blocks.removeValue(forKey: hash) != nil
            guard isOwed || assemblies[hash]?.peer == handle else { continue }
            release(hash, by: handle)
            peers[handle]?.claim = nil
        }
    }

    /// Takes back the wish for a block, whoever was asked.
    mutating func release(_ hash: Digest) {
        for holder in requested[hash] ?? [] {
            peers[holder]?.blocks[hash] = nil
            release(hash, by: holder)
        }
    }

    /// Expects a block no longer of one peer, so that another can be asked.
    mutating func release(_ hash: Digest, by handle: PeerHandle) {
        guard var holders = requested[hash], let place = holders.firstIndex(of: handle) else {
            return
        }
        if assemblies[hash]?.peer == handle { assemblies[hash] = nil }
        holders.remove(at: place)
        hasDownloadsToPlan = true
        if stall?.block == hash { stall = nil }
        requested[hash] = holders.isEmpty ? nil : holders
        if holders.isEmpty { unreserve(hash) }
    }

    mutating func reserve(_ hash: Digest, _ bytes: UInt64) {
        guard reserved[hash] == nil else { return }
        reserved[hash] = bytes
        reservedBytes += bytes
    }

    mutating func unreserve(_ hash: Digest) {
        reservedBytes -= reserved.removeValue(forKey: hash) ?? 0
    }
}
