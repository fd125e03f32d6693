import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Asks peers for the next blocks on the way to the best header.
    mutating func scheduleDownloads() throws(StoreFailure) {
        dropStrayBodies()
        guard hasDownloadsToPlan, !tree.plan.isEmpty else { return }
        hasDownloadsToPlan = false
        var open: [(handle: PeerHandle, room: Int, bytes: UInt64, claim: TipClaim)] = []
        for handle in readyPeers {
            guard let peer = peers[handle], let claim = peer.claim, try leads(claim) else {
                continue
            }
            let room = policy.blocksPerPeer - peer.blocks.count
            let bytes = bytesUnderWay(from: peer)
            if room > 0 {
                open.append((handle: handle, room: room, bytes: bytes, claim: claim))
            }
        }
        var asked: [PeerHandle: [Digest]] = [:]
        let deadline = now.adding(milliseconds: policy.blockPatience)
        let isApart = tree.fork < ledger.tip.header.height
        var rest = policy.blockWindow
        for hash in isApart ? tree.plan : tree.plan.prefix(policy.blockWindow) {
            guard !open.isEmpty, rest > 0 else { break }
            guard requested[hash] == nil, ready[hash] == nil, !isInJudgement(hash),
                let header = tree.candidate(hash)
            else { continue }
            guard header.header.entryCount > 0 else { continue }
            guard !storedBeside.contains(hash) else { continue }
            rest -= 1
            let bytes = UInt64(header.header.bodyBytes)
            guard reservedBytes == 0 || reservedBytes + bytes <= policy.blockBytes else { break }
            guard
                let place = open.firstIndex(where: {
                    $0.claim.work >= header.header.chainWork
                        && ($0.bytes == 0 || $0.bytes + bytes <= policy.blockBytesPerPeer)
                })
            else { continue }
            let handle = open[place].handle
            asked[handle, default: []].append(hash)
            requested[hash] = handle
            reserve(hash, bytes)
            peers[handle]?.blocks[hash] = deadline
            open[place].room -= 1
            open[place].bytes += bytes
            let turned = open.remove(at: place)
            if turned.room > 0 { open.append(turned) }
        }
        for (handle, hashes) in asked.sorted(by: { $0.key < $1.key }) {
            send(.getBlocks(hashes), to: handle)
        }
    }

    /// Bytes of the bodies that a peer was asked for and has not delivered.
    private func bytesUnderWay(from peer: Peer) -> UInt64 {
        peer.blocks.keys.reduce(0) { $0 + (reserved[$1] ?? 0) }
    }

    /// Whether a tip that a peer told lies on the way to the best header, or may lie beyond it.
    func leads(_ claim: TipClaim) throws(StoreFailure) -> Bool {
        guard let header = tree.candidate(claim.hash) else {
            return try ledger.chain.height(of: claim.hash) == nil
        }
        let above = Int(header.header.height.distance(above: tree.fork))
        let plan = tree.plan
        return above > 0 && above <= plan.count && plan[plan.startIndex + above - 1] == claim.hash
    }

    /// Lets go of bodies that no longer lie on the way to the best header.
    private mutating func dropStrayBodies() {
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
        guard requested[hash] == handle else { return }
        requested[hash] = nil
        assemblies[hash] = nil
        peers[handle]?.blocks[hash] = nil
        if let peer = peers[handle] {
            let isHalfDone =
                peer.blocks.count <= policy.blocksPerPeer / 2
                && bytesUnderWay(from: peer) <= policy.blockBytesPerPeer / 2
            hasDownloadsToPlan = hasDownloadsToPlan || isHalfDone
        }
        guard let header = tree.candidate(hash) else { return unreserve(hash) }
        let body: BlockBody
        do {
            body = try BlockBody(
                decoding: bytes,
                for: header.header,
                parameters: network.parameters
            )
        } catch {
            unreserve(hash)
            if error.condemnsHeader { try condemn(hash) }
            guard error.condemnsHeader else { return misbehaved(handle, .mutatedBody) }
            return blame(handle, for: hash)
        }
        try passOn(header, body, except: handle)
        keepOrJudge(body, bytes, of: header, from: handle)
    }

    /// Keeps a body for a branch that is not followed yet, or has it judged.
    mutating func keepOrJudge(
        _ body: BlockBody,
        _ bytes: [UInt8],
        of header: ValidHeader,
        from handle: PeerHandle
    ) {
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
        judge(body, of: hash, from: handle)
    }

    /// Has those entries of a body judged that the pool has not judged before.
    mutating func judge(_ body: BlockBody, of hash: Digest, from handle: PeerHandle?) {
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
        effects.append(.judge(token, unknown))
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
        guard tree.candidate(hash) != nil else { return unreserve(hash) }
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
        try tree.invalidate(hash, in: ledger)
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
        for hash in hashes where requested[hash] == handle {
            peers[handle]?.blocks[hash] = nil
            release(hash)
            peers[handle]?.claim = nil
        }
    }

    /// Takes back the wish for a block, so that another peer can be asked.
    mutating func release(_ hash: Digest) {
        assemblies[hash] = nil
        guard requested.removeValue(forKey: hash) != nil else { return }
        hasDownloadsToPlan = true
        unreserve(hash)
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
