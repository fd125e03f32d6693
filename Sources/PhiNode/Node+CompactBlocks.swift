import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Blocks below the tip at most on which a compact block may stand to be looked at.
    private static var compactDepth: UInt32 { 10 }
    /// Blocks above the tip at most for which a compact block is put together.
    private static var compactReach: UInt32 { 2 }

    /// Follows a pushed block: first its header by all rules, then its entries.
    mutating func received(
        _ block: CompactBlock,
        from handle: PeerHandle
    ) throws(StoreFailure) {
        guard let header = try judge(headerOf: block, from: handle) else { return }
        let hash = header.hash
        guard header.header.height.distance(above: ledger.tip.header.height) <= Self.compactReach,
            try leads(Self.claim(of: header)), ready[hash] == nil, !isInJudgement(hash),
            !storedBeside.contains(hash), peers[handle]?.relay.pushes(hash) == true
        else { return }
        guard block.prefilled.allSatisfy({ $0.entry.computedPayloadHash == $0.entry.payloadHash })
        else { return misbehaved(handle, .mutatedBody) }
        let deadline = now.adding(milliseconds: policy.blockEntriesPatience)
        guard
            var assembly = CompactAssembly(block, header: header, from: handle, until: deadline)
        else { return try fetchWhole(header, insteadOf: handle) }
        guard hasRoom(for: header), fill(&assembly) else { return }
        let missing = assembly.missing
        guard !missing.isEmpty else { return try finish(assembly) }
        guard isWanted(hash), hasPlace(for: assembly) else { return }
        release(hash)
        requested[hash] = [handle]
        reserve(hash, UInt64(header.header.bodyBytes))
        assemblies[hash] = assembly
        send(.getBlockEntries(block: hash, indexes: missing), to: handle)
    }

    /// Judges the header of a pushed block, and takes it where it leads further.
    ///
    /// - Returns: The header, or nil when there is nothing more to do.
    private mutating func judge(
        headerOf block: CompactBlock,
        from handle: PeerHandle
    ) throws(StoreFailure) -> ValidHeader? {
        let batch = HeaderBatch(start: block.height, parent: block.parent, items: [block.header])
        guard let parent = try tree.header(block.parent, in: ledger) else {
            try received(batch, from: handle)
            return nil
        }
        let depth = ledger.tip.header.height.distance(above: parent.header.height)
        guard depth <= Self.compactDepth else { return nil }
        let history = try tree.frontier(through: parent, in: ledger).root
        let header: ValidHeader
        do {
            header = try rules.expand(block.header, after: parent, historyRoot: history)
        } catch {
            misbehaved(handle, .invalidHeader)
            return nil
        }
        // Whoever pushes a block has not judged its entries yet.
        guard !tree.isInvalid(header.hash) else { return nil }
        let isKnown = try tree.header(header.hash, in: ledger) != nil
        guard isKnown || header.header.chainWork > ledger.tip.header.chainWork else { return nil }
        // A push is no answer to a request for headers.
        let request = peers[handle]?.headersRequest
        peers[handle]?.headersRequest = nil
        try received(batch, from: handle)
        if let request { peers[handle]?.headersRequest = request }
        pushedBlocks.insert(header.hash)
        guard !isHalted, peers[handle] != nil else { return nil }
        return tree.candidate(header.hash)
    }

    /// Whether the body is counted among those under way, or can be.
    private func hasRoom(for header: ValidHeader) -> Bool {
        let bytes = UInt64(header.header.bodyBytes)
        return reserved[header.hash] != nil || reservedBytes == 0
            || reservedBytes + bytes <= policy.blockBytes
    }

    /// Whether nobody is asked for a block, but for a peer whose own push led nowhere.
    private func isWanted(_ hash: Digest) -> Bool {
        guard let asked = requested[hash] else { return true }
        return assemblies[hash] == nil && asked.allSatisfy { peers[$0]?.relay.failed == hash }
    }

    private func hasPlace(for assembly: CompactAssembly) -> Bool {
        let ofPeer = assemblies.values.reduce(0) { $0 + ($1.peer == assembly.peer ? 1 : 0) }
        return assemblies.count < policy.assemblies && ofPeer < policy.assembliesPerPeer
    }

    /// Offers a block what is here: the pool, entries that wait for others, those in judgement.
    ///
    /// - Returns: Whether the short ids could be computed.
    private mutating func fill(_ assembly: inout CompactAssembly) -> Bool {
        guard !assembly.missing.isEmpty else { return true }
        let leaves = pool.leaves() + orphans.leaves + leavesInJudgement.keys.sorted()
        guard let identifiers = shortIDs(of: leaves, for: assembly) else { return false }
        for (leaf, identifier) in zip(leaves, identifiers) {
            assembly.offer(identifier) {
                pool.entry(leaf: leaf)?.valid.entry ?? orphans.entry(leaf: leaf)
                    ?? leavesInJudgement[leaf]
            }
        }
        return true
    }

    private func shortIDs(of leaves: [Digest], for assembly: CompactAssembly) -> [ShortID]? {
        try? ShortID.of(leaves, header: assembly.header.header, salt: assembly.salt)
    }

    /// Takes the entries that a pushed block lacked.
    mutating func received(
        _ entries: [Entry],
        of hash: Digest,
        from handle: PeerHandle
    ) throws(StoreFailure) {
        guard var assembly = assemblies[hash], assembly.peer == handle else { return }
        guard tree.candidate(hash) != nil else { return release(hash) }
        guard let identifiers = shortIDs(of: entries.map(\.leaf), for: assembly) else {
            return try fetchWhole(assembly.header, insteadOf: handle)
        }
        let isTrue = entries.allSatisfy { $0.computedPayloadHash == $0.payloadHash }
        guard isTrue, assembly.complete(entries, identifiers) else {
            release(hash)
            return misbehaved(handle, .mutatedBody)
        }
        try finish(assembly)
    }

    /// Checks the whole body, passes it on and has it judged.
    ///
    /// A wrong root is nobody's fault: entries can have one short id by chance.
    private mutating func finish(_ assembly: CompactAssembly) throws(StoreFailure) {
        let header = assembly.header
        let bytes = assembly.bytes
        let body: BlockBody
        do {
            body = try BlockBody(
                decoding: bytes,
                for: header.header,
                parameters: network.parameters
            )
        } catch {
            guard error.condemnsHeader else {
                return try fetchWhole(header, insteadOf: assembly.peer)
            }
            release(header.hash)
            return try condemn(header.hash)
        }
        release(header.hash)
        reserve(header.hash, UInt64(header.header.bodyBytes))
        let given = now
        peers[assembly.peer]?.relay.gaveBlockAt = given
        try passOn(header, body, except: assembly.peer)
        try keepOrJudge(body, bytes, of: header, from: assembly.peer)
    }

    /// Gives up putting together what a peer pushed, and asks for the whole body, of another peer
    /// if there is one.
    private mutating func fetchWhole(
        _ header: ValidHeader,
        insteadOf culprit: PeerHandle
    ) throws(StoreFailure) {
        let hash = header.hash
        peers[culprit]?.relay.failed = hash
        let isLate = assemblies[hash].map { $0.deadline <= now } ?? false
        note(isLate ? .unfinishedPush : .failedPush)
        if let assembly = assemblies[hash] {
            guard assembly.peer == culprit else { return }
            release(hash)
        }
        hasDownloadsToPlan = true
        guard requested[hash] == nil, hasRoom(for: header) else { return }
        var chosen: PeerHandle?
        for handle in readyPeers {
            guard let peer = peers[handle], let claim = peer.claim,
                claim.work >= header.header.chainWork, peer.blocks.count < policy.blocksPerPeer,
                try leads(claim)
            else { continue }
            if chosen == nil || chosen == culprit { chosen = handle }
        }
        guard let chosen else { return }
        note(header, askedOf: chosen)
        send(.getBlocks([hash]), to: chosen)
    }

    /// Asks others for the blocks whose missing entries did not come in time.
    mutating func expireAssemblies() throws(StoreFailure) {
        let late = assemblies.filter { $0.value.deadline <= now }
        for (_, assembly) in late.sorted(by: { $0.key < $1.key }) {
            try fetchWhole(assembly.header, insteadOf: assembly.peer)
        }
    }

    /// Takes back the wish for blocks that a peer was to complete.
    mutating func abandonAssemblies(of handle: PeerHandle) {
        let own = assemblies.filter { $0.value.peer == handle }
        for hash in own.keys.sorted() { release(hash) }
    }

    /// Blames a peer for an invalid block, unless blocks of this name are passed on unjudged.
    mutating func blame(_ handle: PeerHandle?, for hash: Digest) {
        guard let handle, !pushedBlocks.contains(hash) else { return }
        misbehaved(handle, .invalidBlock)
    }
}
