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
    /// Who comes first among those that have room.
    let rank: Rank

    /// What is known of a peer's way to give blocks, the best first.
    enum Rank: Int, Comparable, Sendable {
        /// It has given one that was right.
        case proven
        /// It was not asked before, or not for long.
        case untried
        /// It owes some, and has given nothing for longer than a peer may hold all up.
        case late

        static func < (one: Rank, other: Rank) -> Bool { one.rawValue < other.rawValue }
    }
}

/// The one peer that everything waits for: beyond its block nothing can be asked for.
struct Stall: Sendable {
    /// The next block on the way.
    let block: Digest
    /// The peer that was asked for it first.
    let peer: PeerHandle
    let since: Timestamp
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
        hasFullWindow = isWindowFull
        noteStall(sources)
        askAgain(&sources, &asked)
        for (handle, hashes) in asked.sorted(by: { $0.key < $1.key }) {
            send(.getBlocks(hashes), to: handle)
        }
    }

    /// Asks idle peers for what late ones owe; of several bodies the first counts.
    private mutating func askAgain(
        _ sources: inout [BlockSource],
        _ asked: inout [PeerHandle: [Digest]]
    ) {
        guard let first = sources.first, first.rank < .late else { return }
        var isAsked = false
        for header in owedByLate() {
            guard
                let place = sources.firstIndex(where: {
                    $0.rank < .late && canAsk($0, for: header)
                })
            else { continue }
            asked[sources[place].handle, default: []].append(header.hash)
            ask(&sources, at: place, for: header)
            isAsked = true
        }
        guard isAsked else { return }
        note(.overdueBlock)
        raiseStallTimeout()
    }

    /// The wanted blocks that nobody owes but late peers, the lowest first.
    private func owedByLate() -> [ValidHeader] {
        let late = Set(peers.values.filter(isLate).map(\.handle))
        var hashes: Set<Digest> = []
        for handle in late.sorted() {
            if let peer = peers[handle] { hashes.formUnion(peer.blocks.keys) }
        }
        return hashes.sorted().compactMap { hash in
            guard let holders = requested[hash], holders.count < policy.sourcesPerBlock,
                holders.allSatisfy(late.contains), let header = tree.candidate(hash),
                isPlanned(header)
            else { return nil }
            return header
        }
        .sorted { $0.header.height < $1.header.height }
    }

    /// The peers that know the way and may be asked for more, the best first.
    private func blockSources() throws(StoreFailure) -> [BlockSource] {
        var sources: [BlockSource] = []
        for handle in readyPeers {
            guard let peer = peers[handle], let claim = peer.claim, try leads(claim),
                peer.blocks.count < policy.blocksPerPeer
            else { continue }
            let source = BlockSource(
                handle: handle,
                claim: claim,
                room: policy.blocksPerPeer - peer.blocks.count,
                bytes: peer.blockBytes,
                rank: isLate(peer) ? .late : peer.hasProven ? .proven : .untried
            )
            Self.add(source, to: &sources)
        }
        return sources
    }

    /// Puts a source behind all others of its rank.
    private static func add(_ source: BlockSource, to sources: inout [BlockSource]) {
        let place = sources.firstIndex { $0.rank > source.rank } ?? sources.endIndex
        sources.insert(source, at: place)
    }

    private func isLate(_ peer: Peer) -> Bool {
        !peer.blocks.isEmpty && now.since(peer.downloadingSince) >= stallTimeout
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
        if source.room > 0 { Self.add(source, to: &sources) }
    }

    /// Notes that a peer was asked for a block.
    mutating func note(_ header: ValidHeader, askedOf handle: PeerHandle) {
        let bytes = UInt64(header.header.bodyBytes)
        requested[header.hash, default: []].append(handle)
        reserve(header.hash, bytes)
        if peers[handle]?.blocks.isEmpty == true { peers[handle]?.downloadingSince = now }
        peers[handle]?.blocks[header.hash] = bytes
    }

    /// Starts the clock of a peer that holds everything up while another has nothing to do.
    private mutating func noteStall(_ sources: [BlockSource]) {
        guard hasFullWindow, let header = awaited, let first = requested[header.hash]?.first,
            sources.contains(where: { canAsk($0, for: header) })
        else {
            stall = nil
            return
        }
        if let stall, stall.block == header.hash, stall.peer == first { return }
        stall = Stall(block: header.hash, peer: first, since: now)
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

    /// Ends the connection of a peer that held everything up for too long.
    mutating func endStall() {
        guard let stall, now.since(stall.since) >= stallTimeout else { return }
        self.stall = nil
        guard requested[stall.block]?.first == stall.peer else { return }
        raiseStallTimeout()
        note(.overdueBlock)
        close(stall.peer, .timeout("stall"))
    }

    /// The next time at which a peer will have held things up for too long, if any does.
    var nextStall: Timestamp? {
        let late = peers.values.filter { !$0.blocks.isEmpty }
            .map { $0.downloadingSince.adding(milliseconds: stallTimeout) }
            .filter { $0 > now }.min()
        guard let held = stall?.since.adding(milliseconds: stallTimeout), held > now else {
            return late
        }
        return min(held, late ?? held)
    }

    /// Gives peers twice the time, once at a moment, because the line may be what is slow.
    private mutating func raiseStallTimeout() {
        guard stallRaisedAt != now else { return }
        stallRaisedAt = now
        stallTimeout = min(stallTimeout * 2, policy.stallTimeoutLimit)
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
