import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger

/// Builds every chain that a node ever has anew, block by block, and never takes a block back.
struct Replayer {
    /// Why a chain cannot be built anew.
    enum Failure: Error {
        /// A record is not there, or has no right form.
        case unreadable(Height)
        /// A header breaks a rule.
        case header(Height, HeaderViolation)
        /// An entry breaks a rule.
        case entry(Height, ConnectFailure)
        /// Two entries have one number, or one is left out.
        case sequence(Height, UInt64)
    }

    private struct Replay {
        let disk: SimulatedDisk
        var ledger: Ledger<SimulatedDisk>
        var next: [AuthorSlot: UInt64]
        var lastUse = 0

        func copy(on network: Network) -> Replay? {
            let disk = disk.copy()
            guard let ledger = try? Ledger(opening: disk, network: network) else { return nil }
            return Replay(disk: disk, ledger: ledger, next: next)
        }
    }

    private let network: Network
    private var fingerprints: [Digest: UInt64] = [:]
    private var active: [Replay] = []
    private var marks: [Replay] = []
    private var uses = 0

    /// Blocks between two states that are kept to start from.
    private static let stride: UInt32 = 16
    private static let activeLimit = 6
    private static let markLimit = 64

    init(_ network: Network) {
        self.network = network
    }

    /// What a node's records must add up to with a tip.
    mutating func fingerprint(
        of tip: ValidHeader,
        from chain: ChainReader<SimulatedDisk>
    ) throws(Failure) -> UInt64 {
        if let known = fingerprints[tip.hash] { return known }
        uses += 1
        var replay = try take(for: tip, from: chain)
        while replay.ledger.tip.header.height < tip.header.height {
            try extend(&replay, from: chain)
        }
        replay.lastUse = uses
        let sum = replay.disk.chainFingerprint
        fingerprints[tip.hash] = sum
        if active.count >= Self.activeLimit,
            let oldest = active.indices.min(by: { active[$0].lastUse < active[$1].lastUse })
        {
            active.remove(at: oldest)
        }
        active.append(replay)
        return sum
    }

    /// The highest state that lies on a node's chain.
    private mutating func take(
        for tip: ValidHeader,
        from chain: ChainReader<SimulatedDisk>
    ) throws(Failure) -> Replay {
        if let place = active.firstIndex(where: { $0.ledger.tip.hash == tip.header.previous }) {
            return active.remove(at: place)
        }
        let fitting = (marks + active).filter {
            let place = $0.ledger.tip
            guard place.header.height < tip.header.height,
                let header = try? chain.header(at: place.header.height)
            else { return false }
            return header.hash == place.hash
        }
        let best = fitting.max { $0.ledger.tip.header.height < $1.ledger.tip.header.height }
        if let best, let copy = best.copy(on: network) { return copy }
        let disk = SimulatedDisk(seed: 0)
        do {
            try StoreFormat.prepare(disk, network: network)
            return Replay(
                disk: disk,
                ledger: try Ledger(opening: disk, network: network),
                next: [:]
            )
        } catch { throw .unreadable(.genesis) }
    }

    private mutating func extend(
        _ replay: inout Replay,
        from chain: ChainReader<SimulatedDisk>
    ) throws(Failure) {
        guard let height = replay.ledger.tip.header.height.next,
            let header = (try? chain.header(at: height)) ?? nil,
            let entries = try? chain.entries(at: height)
        else { throw .unreadable(replay.ledger.tip.header.height) }
        let judged: ValidHeader
        do {
            judged = try HeaderRules(network).judge(
                header,
                after: replay.ledger.tip,
                historyRoot: replay.ledger.history.root
            )
        } catch { throw .header(height, error) }
        for entry in entries {
            let slot = AuthorSlot(of: entry)
            let expected = replay.next[slot] ?? 0
            guard entry.sequence == expected else { throw .sequence(height, entry.sequence) }
            replay.next[slot] = expected + 1
        }
        let valid = entries.compactMap { ValidEntry(recorded: $0) }
        guard valid.count == entries.count else { throw .unreadable(height) }
        do {
            let batch = try replay.ledger.connect(judged, entries: valid)
            try replay.disk.commit(batch, durable: true)
        } catch let error as ConnectFailure { throw .entry(height, error) } catch {
            throw .unreadable(height)
        }
        fingerprints[judged.hash] = replay.disk.chainFingerprint
        if height.rawValue % Self.stride == 0, let copy = replay.copy(on: network) {
            if marks.count >= Self.markLimit { marks.removeFirst() }
            marks.append(copy)
        }
    }
}
