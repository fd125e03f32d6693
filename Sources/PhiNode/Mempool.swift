import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger

/// Entries that wait for a block, with the state that they lead to.
///
/// Whatever is in the pool has a place at the tip after the entries that arrived before it.
struct Mempool<Store: KeyValueStore>: Sendable {
    private var contents = PoolContents()
    /// The state at the tip.
    private var base: LedgerState<ChainReader<Store>>
    /// The state after all entries that are not held.
    var state: LedgerState<ChainReader<Store>>
    private var nextArrival: UInt64 = 1 << 40
    private var firstArrival: UInt64 = 1 << 40
    /// Entries that have no place at the present tip and may have one again.
    private var held: Set<Digest> = []
    /// The least density that is taken now, beside what consensus wants.
    private(set) var minimumDensity: UInt64 = 0
    private var tip: Height
    private var earlierAdmissionChecks = 0
    let policy: NodePolicy
    let parameters: NetworkParameters

    init(over ledger: Ledger<Store>, policy: NodePolicy) {
        base = ledger.state(keepsRecords: false)
        state = base
        tip = ledger.tip.header.height
        parameters = ledger.network.parameters
        self.policy = policy
    }

    var entries: [Digest: PooledEntry] { contents.entries }

    var count: Int { contents.count }

    var byteCount: Int { contents.byteCount }

    /// The height of the block that the pool's entries wait for.
    private var nextHeight: Height { tip.next ?? tip }

    /// Admissions whose signatures were checked here and not by the judges.
    var admissionChecks: Int { earlierAdmissionChecks + state.admissionChecks }

    func contains(leaf: Digest) -> Bool { contents.contains(leaf: leaf) }

    func entry(leaf: Digest) -> PooledEntry? { contents.entry(leaf: leaf) }

    /// The names of an author's entries in a meeting, in their order.
    func ids(in slot: AuthorSlot) -> [Digest] { contents.ids(in: slot) }

    /// All leaf hashes, ascending.
    mutating func leaves() -> [Digest] { contents.leaves() }

    /// All entries, in the order of arrival.
    var inOrder: [PooledEntry] { contents.inOrder }

    /// The waiting entries of each author in each meeting, in their order, without held ones.
    var chains: [(slot: AuthorSlot, entries: [PooledEntry])] {
        contents.bySlot.sorted { $0.key < $1.key }.map { slot, ids in
            (slot: slot, entries: ids.filter { !held.contains($0) }.compactMap { entries[$0] })
        }
    }

    func answer(_ query: PoolQuery) -> [PooledEntry] { contents.answer(query) }

    /// The key whose signature admits to a meeting after what waits, or nil where there is none.
    func linkKey(of meeting: Digest) throws(StoreFailure) -> VerifyingKey? {
        try state.linkKey(of: meeting)
    }

    /// Has an entry kept over a restart from now on.
    mutating func own(_ id: Digest) { contents.own(id) }

    /// Adds an entry, or says why not.
    ///
    /// - Returns: The new entry, and those that had to go for it.
    mutating func add(
        _ valid: ValidEntry,
        isOwn: Bool,
        now: Timestamp
    ) throws(AddFailure) -> (added: PooledEntry, dropped: [(PooledEntry, DropReason)]) {
        if let present = entries[valid.id] {
            return try replace(present, by: valid, isOwn: isOwn)
        }
        try checkCaps(valid)
        try checkRoom(for: valid)
        let known: ValidEntry
        do { known = try state.apply(valid, at: nextHeight) } catch {
            throw failure(of: error, valid)
        }
        let pooled = PooledEntry(
            valid: known,
            arrival: nextArrival,
            since: now,
            isOwn: isOwn
        )
        nextArrival += 1
        contents.insert(pooled)
        do { return (pooled, try evict(sparing: valid.entry)) } catch { throw .store(error) }
    }

    private mutating func replace(
        _ present: PooledEntry,
        by valid: ValidEntry,
        isOwn: Bool
    ) throws(AddFailure) -> (added: PooledEntry, dropped: [(PooledEntry, DropReason)]) {
        let (needed, overflow) = present.valid.entry.stampWork.multipliedReportingOverflow(by: 2)
        guard valid.leaf != present.valid.leaf, !overflow, valid.entry.stampWork >= needed else {
            throw .refused(.pooled(id: valid.id))
        }
        let pooled = PooledEntry(
            valid: valid,
            arrival: present.arrival,
            since: present.since,
            isOwn: isOwn || present.isOwn
        )
        contents.replace(present, by: pooled)
        return (pooled, [(present, .replaced)])
    }

    private func checkCaps(_ valid: ValidEntry) throws(AddFailure) {
        let entry = valid.entry
        let density = Stamp.density(of: entry, parameters: parameters)
        guard density >= minimumDensity else {
            throw .refused(.densityTooLow(minimum: minimumDensity, found: density))
        }
        let weight = contents.weight(of: entry.author)
        guard weight.entries < policy.poolEntriesPerAuthor,
            weight.bytes + entry.bytes.count <= policy.poolBytesPerAuthor
        else { throw .refused(.authorFull(limit: policy.poolEntriesPerAuthor)) }
        let ofMeeting = contents.bytes(of: entry.meeting) + entry.bytes.count
        let limit = policy.poolBytes / 4
        guard byteCount <= policy.poolBytes / 2 || ofMeeting <= limit else {
            throw .refused(.meetingFull(limit: limit))
        }
    }

    /// Refuses an entry that would be the first to go from a full pool.
    private mutating func checkRoom(for valid: ValidEntry) throws(AddFailure) {
        let size = valid.entry.bytes.count
        guard byteCount + size > policy.poolBytes || count + 1 > policy.poolEntries else { return }
        let slot = AuthorSlot(of: valid.entry)
        let own = Set(ids(in: slot))
        let densities = entries.values.filter { !own.contains($0.valid.id) }
            .map { Stamp.density(of: $0.valid.entry, parameters: parameters) }
        let density = Stamp.density(of: valid.entry, parameters: parameters)
        guard let least = densities.min(), density > least else {
            minimumDensity = max(minimumDensity, (densities.min() ?? density) + 1)
            throw .refused(.densityTooLow(minimum: minimumDensity, found: density))
        }
    }

    private func failure(
        of error: ApplyFailure<StoreFailure>,
        _ valid: ValidEntry
    ) -> AddFailure {
        switch error {
        case .source(let failure): return .store(failure)
        case .violation(.anchorNotBelow(let anchor, _)):
            return .early(.anchorNotBelow(anchor: anchor, height: nextHeight))
        case .violation(let violation):
            if case .sequence(let expected, let found) = violation, found < expected,
                let taken = takenID(valid.entry)
            {
                return .refused(.pooled(id: taken))
            }
            return violation.mayPass ? .early(violation) : .refused(.context(violation))
        }
    }

    private func takenID(_ entry: Entry) -> Digest? {
        ids(in: AuthorSlot(of: entry))
            .first { entries[$0]?.valid.entry.sequence == entry.sequence }
    }

    private mutating func remove(_ id: Digest) -> PooledEntry? {
        held.remove(id)
        return contents.remove(id)
    }
}

extension Mempool {
    /// Takes out what a block recorded.
    ///
    /// - Returns: The entries of the block that had been promised to a sender.
    mutating func recorded(_ recorded: [ValidEntry]) -> [PooledEntry] {
        recorded.compactMap { remove($0.id) }
    }

    /// Puts back what a block had recorded, before everything else.
    ///
    /// - Returns: What came back, and what had to go because there is no room for all.
    mutating func returned(
        _ returned: [ValidEntry],
        now: Timestamp
    ) -> (back: [PooledEntry], dropped: [(PooledEntry, DropReason)]) {
        firstArrival -= UInt64(returned.count)
        var back: [PooledEntry] = []
        for (offset, valid) in returned.enumerated() where entries[valid.id] == nil {
            let pooled = PooledEntry(
                valid: valid,
                arrival: firstArrival + UInt64(offset),
                since: now,
                isOwn: true
            )
            contents.insert(pooled)
            back.append(pooled)
        }
        // They come before the rest of their author's.
        contents.sortBySequence(in: Set(back.map { AuthorSlot(of: $0.valid.entry) }).sorted())
        return (back, makeRoom(sparing: nil))
    }

    /// Takes promised entries in again, whatever the tip is now.
    ///
    /// - Returns: What came back, and what had to go because there is no room for all.
    mutating func restored(
        _ restored: [ValidEntry],
        now: Timestamp
    ) -> (back: [PooledEntry], dropped: [(PooledEntry, DropReason)]) {
        var back: [PooledEntry] = []
        for valid in restored where entries[valid.id] == nil {
            let pooled = PooledEntry(valid: valid, arrival: nextArrival, since: now, isOwn: true)
            nextArrival += 1
            contents.insert(pooled)
            back.append(pooled)
        }
        return (back, makeRoom(sparing: nil))
    }

    /// Lays the pool over a new tip: what has no place any more goes.
    mutating func rebase(
        onto ledger: Ledger<Store>
    ) throws(StoreFailure) -> [(PooledEntry, DropReason)] {
        base = ledger.state(keepsRecords: false)
        tip = ledger.tip.header.height
        let dropped = try lay()
        contents.sortBySequence()
        relax()
        return dropped
    }

    /// Finds every entry its place in the state again, and removes those that have none.
    ///
    /// An entry whose anchor lies above the tip is held until the tip is there, and with it what
    /// may depend on it.
    private mutating func lay() throws(StoreFailure) -> [(PooledEntry, DropReason)] {
        earlierAdmissionChecks += state.admissionChecks
        state = base
        held = []
        var dropped: [(PooledEntry, DropReason)] = []
        var waiting = inOrder
        var hasProgress = true
        while hasProgress, !waiting.isEmpty {
            hasProgress = false
            var early: [PooledEntry] = []
            for pooled in waiting {
                do {
                    let known = try state.apply(pooled.valid, at: nextHeight)
                    if known.admissionVerdict != pooled.valid.admissionVerdict {
                        contents.learn(known)
                    }
                    hasProgress = true
                } catch {
                    guard case .violation(let violation) = error else {
                        if case .source(let failure) = error { throw failure }
                        continue
                    }
                    if case .anchorNotBelow = violation { held.insert(pooled.valid.id) }
                    if violation.mayPass {
                        early.append(pooled)
                    } else if let gone = remove(pooled.valid.id) {
                        dropped.append((gone, violation.isExpiry ? .expired : .refused))
                    }
                }
            }
            waiting = early
        }
        let isHolding = !held.isEmpty
        for pooled in waiting {
            if isHolding {
                held.insert(pooled.valid.id)
            } else if let gone = remove(pooled.valid.id) {
                dropped.append((gone, .refused))
            }
        }
        return dropped
    }

    /// Lets the least density fall again while the pool has room.
    private mutating func relax() {
        guard minimumDensity > 0, tip.rawValue % 100 == 0 else { return }
        guard byteCount < policy.poolBytes / 2, count < policy.poolEntries / 2 else { return }
        minimumDensity /= 2
    }

    /// Makes room, and finds the rest its places again.
    private mutating func evict(
        sparing entry: Entry?
    ) throws(StoreFailure) -> [(PooledEntry, DropReason)] {
        let dropped = makeRoom(sparing: entry)
        return dropped.isEmpty ? [] : dropped + (try lay()).map { ($0.0, .evicted) }
    }

    /// Makes room: the lowest densities go, each with all that the author built on it.
    ///
    /// While the chain goes back this keeps the pool within its limits block by block, which says
    /// nothing of what it costs to be recorded.
    private mutating func makeRoom(sparing entry: Entry?) -> [(PooledEntry, DropReason)] {
        guard byteCount > policy.poolBytes || count > policy.poolEntries else { return [] }
        var dropped: [(PooledEntry, DropReason)] = []
        let byDensity = entries.values.sorted {
            let left = Stamp.density(of: $0.valid.entry, parameters: parameters)
            let right = Stamp.density(of: $1.valid.entry, parameters: parameters)
            return (left, $1.arrival) < (right, $0.arrival)
        }
        for victim in byDensity where entries[victim.valid.id] != nil {
            let other = victim.valid.entry
            guard other.author != entry?.author || other.meeting != entry?.meeting else { continue }
            guard
                byteCount > policy.poolBytes * 19 / 20 || count > policy.poolEntries * 19 / 20
            else { break }
            if entry != nil {
                let density = Stamp.density(of: other, parameters: parameters)
                minimumDensity = max(minimumDensity, density + density / 10 + 1)
            }
            dropped += removeWithLater(victim.valid.id).map { ($0, .evicted) }
        }
        return dropped
    }

    private mutating func removeWithLater(_ id: Digest) -> [PooledEntry] {
        guard let first = entries[id]?.valid.entry else { return [] }
        let slot = AuthorSlot(of: first)
        let later = ids(in: slot).filter {
            (entries[$0]?.valid.entry.sequence ?? 0) >= first.sequence
        }
        return later.compactMap { remove($0) }
    }
}

extension ContextViolation {
    fileprivate var isExpiry: Bool {
        if case .expired = self { true } else { false }
    }
}

/// Why an entry did not come into the pool.
enum AddFailure: Error, Equatable {
    /// It will not come in as it is.
    case refused(SubmitRefusal)
    /// It may come in when the chain grows or entries before it arrive.
    case early(ContextViolation)
    /// The state could not be read.
    case store(StoreFailure)
}
