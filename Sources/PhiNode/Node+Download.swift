import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

/// A peer that can be asked for blocks now.
struct BlockSource: Sendable {
    let handle: PeerHandle
    let claim: TipClaim
    /// How many more blocks it may be asked for.
    var room: Int
    /// Bytes of the bodies that it owes.
    var bytes: UInt64
    /// Whether it has owed a body for longer than a peer may hold the window up.
    let isLate: Bool
    /// When it last gave a body that was right.
    let deliveredAt: Timestamp?
}

/// The one peer that everything waits for.
struct Stall: Sendable {
    /// The next block on the way.
    let block: Digest
    /// The peer that was asked for it last.
    let peer: PeerHandle
    let since: Timestamp
    /// Whether nothing beyond the block can be asked for before it comes.
    var isWindowFull: Bool
}

extension Node {
    /// Asks peers for the next blocks on the way to the best header.
    mutating func scheduleDownloads() throws(StoreFailure) {
        dropStrayBodies()
        guard !tree.plan.isEmpty else {
            stall = nil
            return
        }
        guard hasDownloadsToPlan else { return }
        hasDownloadsToPlan = false
        var sources = try blockSources()
        var asked: [PeerHandle: [Digest]] = [:]
        var isWindowFull = false
        var window = policy.blockWindow
        let isApart = tree.fork < ledger.tip.header.height
        for hash in tree.plan {
            guard !sources.isEmpty else { break }
            guard window > 0 else {
                isWindowFull = true
                break
            }
            guard let header = tree.candidate(hash) else { break }
            let isHere = header.header.entryCount == 0 || storedBeside.contains(hash)
            if !(isApart && isHere) { window -= 1 }
            guard !isHere, requested[hash] == nil, ready[hash] == nil, !isInJudgement(hash) else {
                continue
            }
            let bytes = UInt64(header.header.bodyBytes)
            guard reservedBytes == 0 || reservedBytes + bytes <= policy.blockBytes else {
                isWindowFull = true
                break
            }
            guard let place = sources.firstIndex(where: { canAsk($0, for: header) }) else {
                continue
            }
            asked[sources[place].handle, default: []].append(hash)
            ask(&sources, at: place, for: header)
        }
        for (handle, hashes) in asked.sorted(by: { $0.key < $1.key }) {
            send(.getBlocks(hashes), to: handle)
        }
        hasFullWindow = isWindowFull
        noteStall(sources, isWindowFull: isWindowFull)
    }

    /// The peers that know the way and may be asked for more, the late ones last.
    private func blockSources() throws(StoreFailure) -> [BlockSource] {
        var sources: [BlockSource] = []
        var late: [BlockSource] = []
        for handle in readyPeers {
            guard let peer = peers[handle], let claim = peer.claim, try leads(claim) else {
                continue
            }
            let source = BlockSource(
                handle: handle,
                claim: claim,
                room: policy.blocksPerPeer - peer.blocks.count,
                bytes: peer.blockBytes,
                isLate: !peer.blocks.isEmpty && now.since(peer.downloadingSince) >= stallTimeout,
                deliveredAt: peer.deliveredAt
            )
            guard source.room > 0 else { continue }
            if source.isLate { late.append(source) } else { sources.append(source) }
        }
        return sources + late
    }

    /// Whether a peer has a block and room for it, and was not asked for it already.
    private func canAsk(_ source: BlockSource, for header: ValidHeader) -> Bool {
        let bytes = UInt64(header.header.bodyBytes)
        return source.room > 0 && source.claim.work >= header.header.chainWork
            && (source.bytes == 0 || source.bytes + bytes <= policy.blockBytesPerPeer)
            && peers[source.handle]?.blocks[header.hash] == nil
    }

    /// Notes that a peer is asked, and puts it behind the others.
    private mutating func ask(
        _ sources: inout [BlockSource],
        at place: Int,
        for header: ValidHeader
    ) {
        let bytes = UInt64(header.header.bodyBytes)
        var source = sources.remove(at: place)
        note(header, askedOf: source.handle)
        source.room -= 1
        source.bytes += bytes
        guard source.room > 0 else { return }
        if source.isLate {
            sources.append(source)
        } else {
            let end = sources.firstIndex(where: \.isLate) ?? sources.endIndex
            sources.insert(source, at: end)
        }
    }

    private mutating func note(_ header: ValidHeader, askedOf handle: PeerHandle) {
        let bytes = UInt64(header.header.bodyBytes)
        requested[header.hash, default: []].append(handle)
        reserve(header.hash, bytes)
        if peers[handle]?.blocks.isEmpty == true { peers[handle]?.downloadingSince = now }
        peers[handle]?.blocks[header.hash] = bytes
    }

    /// Starts the clock of a peer that holds everything up while another has nothing to do.
    private mutating func noteStall(_ sources: [BlockSource], isWindowFull: Bool) {
        guard let header = awaited, let holders = requested[header.hash],
            let last = holders.last,
            isWindowFull || holders.count < policy.sourcesPerBlock,
            sources.contains(where: { canAsk($0, for: header) })
        else {
            stall = nil
            return
        }
        if let stall, stall.block == header.hash, stall.peer == last {
            self.stall?.isWindowFull = isWindowFull
        } else {
            stall = Stall(
                block: header.hash,
                peer: last,
                since: now,
                isWindowFull: isWindowFull
            )
        }
    }

    /// The block without which the chain cannot move, if it is asked for and not here.
    private var awaited: ValidHeader? {
        let isApart = tree.fork < ledger.tip.header.height
        for hash in tree.plan {
            guard let header = tree.candidate(hash) else { return nil }
            if requested[hash] != nil { return header }
            // Aside of the chain bodies are kept until the last one is here.
            let isHere = header.header.entryCount == 0 || storedBeside.contains(hash)
            guard isApart, isHere || ready[hash] != nil || isInJudgement(hash) else { return nil }
        }
        return nil
    }

    /// Lets nobody hold everything up: asks another peer, or ends a connection in its way.
    ///
    /// While the window is full only the oldest holder's end brings the block soon; near the tip
    /// one more copy costs little, and the first that comes counts.
    mutating func endStall() throws(StoreFailure) {
        guard let stall, now.since(stall.since) >= stallTimeout else { return }
        self.stall = nil
        hasDownloadsToPlan = true
        guard let holders = requested[stall.block], let first = holders.first,
            let header = tree.candidate(stall.block)
        else { return }
        stallTimeout = min(stallTimeout * 2, policy.stallTimeoutLimit)
        if stall.isWindowFull { return close(first, .timeout("stall")) }
        let able = try blockSources().filter { canAsk($0, for: header) }
        let best = able.max { ($0.deliveredAt ?? .zero) < ($1.deliveredAt ?? .zero) }
        // Of those that gave nothing yet, the first.
        guard let chosen = best?.deliveredAt == nil ? able.first : best else { return }
        note(header, askedOf: chosen.handle)
        send(.getBlocks([header.hash]), to: chosen.handle)
    }

    /// Gives peers less time again, now that blocks come.
    mutating func easeStallTimeout() {
        stallTimeout = max(policy.stallTimeout, stallTimeout * 85 / 100)
    }

    /// Whether a peer has given nothing for too long, with regard to those who share the line.
    func isTooSlow(_ peer: Peer) -> Bool {
        guard !peer.blocks.isEmpty else { return false }
        let waited = now.since(peer.downloadingSince)
        guard waited >= policy.blockPatience else { return false }
        let others = peers.values.reduce(0) {
            $0 + ($1.handle != peer.handle && !$1.blocks.isEmpty ? 1 : 0)
        }
        return waited >= policy.blockPatience + policy.blockPatiencePerPeer * UInt64(others)
    }
}
