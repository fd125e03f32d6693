import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

/// The second pass over headers whose work is enough: stretches of 2,048 from all peers.
///
/// Each stretch is checked against its root as soon as it comes, whatever the order, because the
/// first pass kept what its headers are judged by. So nothing waits unchecked, and a peer cannot
/// show another chain than the first pass saw.
struct StretchFetch: Sendable {
    /// A stretch, by its place in the list and the block before it.
    struct Place: Hashable, Sendable {
        let index: Int
        let parent: Digest
    }

    /// What an answer to a request for a stretch is.
    enum Answer: Sendable {
        /// The headers that the first pass saw.
        case headers([ValidHeader])
        /// Other headers, or fewer.
        case other
    }

    /// The peer that showed the chain.
    let source: PeerHandle
    /// When the first pass began.
    let since: Timestamp
    /// The first stretch that is not in the tree.
    private(set) var next = 0
    /// Peers that do not have this chain.
    var lacking: Set<PeerHandle> = []
    /// The time by which the next stretch must be in the tree.
    var deadline: Timestamp
    private let base: ValidHeader
    private let baseFrontier: MerkleFrontier
    private let stretches: [HeaderStretch]
    /// The history tree over all stretches before the next.
    private var whole: MerkleFrontier
    private var arrived: [Int: [ValidHeader]] = [:]
    private var asked: [Int: (peer: PeerHandle, at: Timestamp)] = [:]

    /// The second pass over what a first one saw.
    init(_ presync: HeaderPresync, from source: PeerHandle, deadline: Timestamp) {
        self.source = source
        self.deadline = deadline
        since = presync.since
        base = presync.base
        baseFrontier = presync.baseFrontier
        stretches = presync.stretches
        whole = presync.baseFrontier.wholeSubtrees(level: HeaderStretch.level)
    }

    /// How many stretches there are.
    var count: Int { stretches.count }

    /// The work of the last stretch, and so what a peer must claim that has them all.
    var work: Work { stretches.last?.work ?? base.header.chainWork }

    /// Bytes that the pass holds, whatever their place.
    var heldBytes: Int {
        let waiting = arrived.values.reduce(0) { $0 + $1.capacity }
        return MemoryLayout<StretchFetch>.stride
            + stretches.capacity * MemoryLayout<HeaderStretch>.stride
            + waiting * MemoryLayout<ValidHeader>.stride
            + (baseFrontier.roots.count + whole.roots.count) * MemoryLayout<Digest>.size
    }

    /// The stretch at a place.
    func place(_ index: Int) -> Place {
        Place(index: index, parent: index == 0 ? base.hash : stretches[index - 1].hash)
    }

    /// Whether a place is one of this pass and its stretch is still wanted.
    func wants(_ place: Place) -> Bool {
        (next..<count).contains(place.index) && self.place(place.index) == place
            && arrived[place.index] == nil
    }

    /// The first stretch of a window that nobody is asked for, or too long ago.
    func unasked(in window: Int, now: Timestamp, patience: UInt64) -> Int? {
        (next..<min(count, next + window)).first { index in
            guard arrived[index] == nil else { return false }
            guard let request = asked[index] else { return true }
            return index == next && now.since(request.at) >= patience
        }
    }

    /// Notes who was asked for a stretch.
    mutating func ask(_ peer: PeerHandle, for index: Int, now: Timestamp) {
        asked[index] = (peer: peer, at: now)
    }

    /// Whether a peer was asked last for a stretch.
    func isAsked(_ peer: PeerHandle, for index: Int) -> Bool { asked[index]?.peer == peer }

    /// Takes back who was asked for a stretch.
    mutating func release(_ index: Int) { asked[index] = nil }

    /// Takes back what was asked of a peer.
    mutating func disconnected(_ peer: PeerHandle) {
        for (index, request) in asked.sorted(by: { $0.key < $1.key }) where request.peer == peer {
            asked[index] = nil
        }
        lacking.remove(peer)
    }

    /// Judges headers that follow the block before a stretch.
    ///
    /// - Throws: The first rule that a header breaks.
    func judge(
        _ items: [CompactHeader],
        at index: Int,
        rules: HeaderRules,
        now: Timestamp
    ) throws(HeaderViolation) -> Answer {
        let parent = index == 0 ? base : end(of: index - 1, bits: rules.network.genesis.bits)
        let rest =
            HeaderStretch.headers - (parent.header.height.rawValue + 1) % HeaderStretch.headers
        let run = try HeaderRun(
            expanding: items.prefix(Int(rest)),
            after: parent,
            frontier: frontier(before: index),
            rules: rules,
            now: now
        )
        guard run.headers.count == Int(rest) else { return .other }
        var expected = whole
        for stretch in stretches[next...index] {
            expected.append(subtree: stretch.root, level: HeaderStretch.level)
        }
        return run.frontier == expected ? .headers(run.headers) : .other
    }

    /// Keeps a stretch until those before it are in the tree.
    mutating func keep(_ headers: [ValidHeader], at index: Int) { arrived[index] = headers }

    /// The next stretch, if it has come.
    var nextHeaders: [ValidHeader]? { arrived[next] }

    /// Goes on after the next stretch came into the tree.
    mutating func advance() {
        arrived[next] = nil
        asked[next] = nil
        whole.append(subtree: stretches[next].root, level: HeaderStretch.level)
        next += 1
    }

    /// The history tree over all headers before a stretch.
    private func frontier(before index: Int) -> MerkleFrontier {
        guard index > 0 else { return baseFrontier }
        var frontier = whole
        for stretch in stretches[next..<index] {
            frontier.append(subtree: stretch.root, level: HeaderStretch.level)
        }
        return frontier
    }

    /// As much of the last header of a stretch as its children are judged by.
    private func end(of index: Int, bits: UInt32) -> ValidHeader {
        let stretch = stretches[index]
        let first = (base.header.height.rawValue + 1) / HeaderStretch.headers
        let header = Header(
            height: Height(
                (first + UInt32(index)) * HeaderStretch.headers + (HeaderStretch.headers - 1)
            ),
            entryCount: 0,
            bodyBytes: 0,
            previous: .zero,
            entriesRoot: .zero,
            historyRoot: .zero,
            chainWork: stretch.work,
            time: stretch.time,
            idle: stretch.idle,
            bits: bits,
            nonce: 0
        )
        return ValidHeader(stored: header, hash: stretch.hash)
    }
}
