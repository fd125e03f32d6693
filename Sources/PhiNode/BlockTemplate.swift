import PhiChain
public import PhiConsensus
import PhiCrypto
public import PhiLedger

/// What a miner works on: a header but for its nonce, and the body that it commits to.
public struct BlockTemplate: Sendable {
    /// The header with a nonce still to be found.
    public let header: Header
    /// The target that its hash must meet.
    public let target: Target
    /// The body.
    public let entries: [ValidEntry]
}

/// Chooses the entries of a block: by density, with a fair share for every meeting.
struct TemplateChooser<Store: KeyValueStore> {
    private var state: LedgerState<ChainReader<Store>>
    private var chains: [Chain]
    private let height: Height
    private let parameters: NetworkParameters
    private let policy: NodePolicy
    private var chosen: [ValidEntry] = []
    private var bytes = 0
    private var bytesByMeeting: [Digest: Int] = [:]

    /// The rest of one author's waiting entries in one meeting.
    private struct Chain {
        let slot: AuthorSlot
        var rest: ArraySlice<PooledEntry>
        var isStuck = false
    }

    init(_ pool: Mempool<Store>, over ledger: Ledger<Store>, height: Height) {
        // The pool cannot know the minutes of a meeting whose close waits as well: a block must.
        state = ledger.state()
        chains = pool.chains.map { Chain(slot: $0.slot, rest: $0.entries[...]) }
        parameters = pool.parameters
        policy = pool.policy
        self.height = height
    }

    /// The entries of the next block, in their order.
    mutating func choose() throws(StoreFailure) -> [ValidEntry] {
        let soft = min(policy.softBodyBytes, Int(parameters.maximumBodyBytes))
        try fill(to: soft, perMeeting: soft / 4, atLeast: 0)
        try fill(to: soft, perMeeting: .max, atLeast: 0)
        let surcharge = UInt64(parameters.stampRate) * policy.surchargeFactor
        try fill(to: Int(parameters.maximumBodyBytes), perMeeting: .max, atLeast: surcharge)
        return chosen
    }

    /// Goes round all authors, the densest first, one entry each, until nothing fits any more.
    private mutating func fill(
        to limit: Int,
        perMeeting share: Int,
        atLeast density: UInt64
    ) throws(StoreFailure) {
        for index in chains.indices { chains[index].isStuck = false }
        var progressed = true
        while progressed {
            progressed = false
            for index in byDensity() {
                guard chosen.count < Int(parameters.maximumEntries) else { return }
                guard let next = chains[index].rest.first else { continue }
                let entry = next.valid.entry
                let meeting = bytesByMeeting[entry.meeting] ?? 0
                guard bytes + entry.bytes.count <= limit,
                    meeting + entry.bytes.count <= share,
                    self.density(of: next) >= density
                else {
                    chains[index].isStuck = true
                    continue
                }
                guard try apply(next.valid) else { continue }
                chains[index].rest.removeFirst()
                bytes += entry.bytes.count
                bytesByMeeting[entry.meeting] = meeting + entry.bytes.count
                chosen.append(next.valid)
                progressed = true
            }
        }
    }

    private func byDensity() -> [Int] {
        chains.indices
            .filter { !chains[$0].isStuck && !chains[$0].rest.isEmpty }
            .compactMap { index in
                chains[index].rest.first.map {
                    (index: index, density: density(of: $0), arrival: $0.arrival)
                }
            }
            .sorted { ($1.density, $0.arrival) < ($0.density, $1.arrival) }
            .map(\.index)
    }

    private func density(of pooled: PooledEntry) -> UInt64 {
        Stamp.density(of: pooled.valid.entry, parameters: parameters)
    }

    /// Whether another link key admitted an author than the one that is in force here.
    ///
    /// In the pool a `revoke` came between. Round after round such an entry is passed over without
    /// asking its signature again, until the template has the `revoke` as well.
    private mutating func isAdmittedElsewhere(
        _ valid: ValidEntry
    ) throws(ApplyFailure<StoreFailure>) -> Bool {
        guard let linkKey = valid.admissionVerdict.linkKey else { return false }
        return try state.meeting(valid.entry.meeting)?.linkKey != linkKey
    }

    private mutating func apply(_ valid: ValidEntry) throws(StoreFailure) -> Bool {
        do {
            guard try !isAdmittedElsewhere(valid) else { return false }
            try state.apply(valid, at: height)
            return true
        } catch {
            if case .source(let failure) = error { throw failure }
            return false
        }
    }
}
