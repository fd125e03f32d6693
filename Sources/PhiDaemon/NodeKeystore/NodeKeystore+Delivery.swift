import PhiAPI
import PhiChain
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiNode

extension NodeKeystore {
    /// Makes an entry for a number.
    typealias Make = (EntryBuilder, AuthorHead, borrowing SigningKey) throws(EntryBuilderFailure)
        -> SignedEntry

    /// The rate that sets how often a search can be given up; machines differ little for it.
    private static let hashesPerSecond = 4_000_000.0

    /// Signs an entry with the author's next number, stamps it and hands it to the node.
    ///
    /// - Parameters:
    ///   - meeting: The meeting; zero for an `open`.
    ///   - role: Who signs.
    ///   - make: Makes the entry.
    /// - Returns: The entry's id; the node has promised to keep it.
    /// - Throws: Why it was not taken.
    func write(
        in meeting: Digest,
        as role: Role,
        _ make: Make
    ) async throws(APIError) -> Digest {
        let slot = AuthorSlot(meeting: meeting, author: try author(role))
        try await sendAgain(slot)
        var refusal = SubmitRefusal.busy
        for _ in 0..<Self.attemptLimit {
            let head = try await head(of: slot)
            let signed = try sign(role, head, make)
            guard let found = try await deliver(fresh: signed) else { return signed.id }
            refusal = found
            guard refusal.isOfNumber else { break }
        }
        throw .refused(refusal)
    }

    /// Signs an entry of the role.
    func sign(
        _ role: Role,
        _ head: AuthorHead,
        _ make: Make
    ) throws(APIError) -> SignedEntry {
        let chain = node.snapshot()
        let anchor = try Self.read { () throws(StoreFailure) in
            try chain.header(at: try chain.tip().height.lowered(by: Self.anchorDepth))
        }
        guard let anchor else { throw .internalFailure }
        let builder = EntryBuilder(
            network: node.network,
            anchorHeight: anchor.height,
            anchorHash: anchor.hash,
            time: now()
        )
        let key: SigningKey
        do { key = try signingKey(role) } catch { throw failed(error) }
        do { return try make(builder, head, key) } catch { throw .unmade(error) }
    }

    /// Delivers an entry that nobody has seen; a refused one is as if it had never been.
    func deliver(fresh signed: SignedEntry) async throws(APIError) -> SubmitRefusal? {
        let entry = signed.stamped(work: 0, nonce: 0)
        do { try sent.keep(entry) } catch { throw failed(error) }
        let refusal: SubmitRefusal?
        do { refusal = try await deliver(entry) } catch {
            try forget([signed.id])
            throw error
        }
        // A store that cannot write may have the entry or not; it stays to be sent again.
        if let refusal, !refusal.isOfStore { try forget([signed.id]) }
        return refusal
    }

    /// Stamps an entry at the price of the moment and submits it.
    private func deliver(_ signed: Entry) async throws(APIError) -> SubmitRefusal? {
        let id = signed.id
        var least: UInt64 = 0
        var refusal = SubmitRefusal.busy
        for _ in 0..<Self.attemptLimit {
            let entry = try await stamped(signed, density: least)
            switch await node.submit(entry) {
            case .success, .failure(.recorded), .failure(.pooled(id)): return nil
            case .failure(let found):
                refusal = found
                guard case .densityTooLow(let minimum, _) = found else { return found }
                least = minimum
            }
        }
        return refusal
    }

    private func stamped(_ entry: Entry, density: UInt64) async throws(APIError) -> Entry {
        let parameters = node.network.parameters
        let least = Stamp.minimumWork(
            kind: entry.kind,
            sequence: entry.sequence,
            payloadByteCount: entry.payloadByteCount,
            parameters: parameters
        )
        let priced = Stamp.pricedBytes(
            payloadByteCount: entry.payloadByteCount,
            parameters: parameters
        )
        let density = max(density, await node.status().minimumDensity)
        let (pool, overflow) = density.multipliedReportingOverflow(by: priced)
        let work = max(least, overflow ? .max : pool)
        guard work <= StampBench.workLimit else {
            throw .ruleBroken(
                "stampWork",
                "The pool is so full that the stamp costs more than this node does. Try later.",
                limit: .string(Work(rawValue: UInt128(StampBench.workLimit)).hex),
                found: .string(Work(rawValue: UInt128(work)).hex)
            )
        }
        let estimate = StampEstimate(work: work, hashesPerSecond: Self.hashesPerSecond)
        let worker = StampWorker(cores: 1)
        do {
            let nonce = try await worker.nonce(for: entry.id, estimate: estimate)
            return entry.restamped(work: work, nonce: nonce)
        } catch { throw .busy(retryAfterMilliseconds: 0, "The stamp was not finished.") }
    }

    /// Sends entries again that the pool has lost and that can still be recorded.
    func sendAgain(_ slot: AuthorSlot) async throws(APIError) {
        try await adoptOutbox(of: slot)
        var waiting: Set<Digest> = []
        for pooled in await node.pool(.author(slot.author)) { waiting.insert(pooled.valid.id) }
        let chain = node.snapshot()
        var done: [Digest] = []
        for entry in sent.all {
            let id = entry.id
            let isOver = try Self.read { () throws(StoreFailure) in
                let age = try chain.tip().height.distance(above: entry.anchorHeight)
                guard age < node.network.parameters.expiry else { return true }
                return try chain.position(of: id) != nil
            }
            if isOver { done.append(id) }
        }
        try forget(done)
        for entry in sent.of(slot) where !waiting.contains(entry.id) {
            guard let refusal = try await deliver(entry) else { continue }
            guard refusal.isFinal else { throw .refused(refusal) }
            try forget([entry.id])
        }
    }

    /// Takes over entries that another program signed with this keystore.
    private func adoptOutbox(of slot: AuthorSlot) async throws(APIError) {
        let waiting = try kept(slot.meeting)?.outbox.filter { $0.author == slot.author } ?? []
        guard !waiting.isEmpty else { return }
        for entry in waiting {
            do { try sent.keep(entry) } catch { throw failed(error) }
        }
        try await update(slot.meeting) { $0?.outbox = [] }
    }

    private func forget(_ ids: [Digest]) throws(APIError) {
        do { try sent.forget(ids) } catch { throw failed(error) }
    }

    /// Where the author's next entry goes, waiting entries followed one by one.
    private func head(of slot: AuthorSlot) async throws(APIError) -> AuthorHead {
        let waiting = await node.pool(.author(slot.author))
            .filter { $0.valid.entry.meeting == slot.meeting }
            .sorted { $0.valid.entry.sequence < $1.valid.entry.sequence }
        let chain = node.snapshot()
        let recorded = try Self.read { () throws(StoreFailure) in try chain.author(slot) }
        var sequence = recorded?.nextSequence ?? 0
        var last = recorded?.lastID ?? .zero
        for pooled in waiting
        where pooled.valid.entry.sequence == sequence && pooled.valid.entry.previous == last {
            sequence += 1
            last = pooled.valid.id
        }
        return AuthorHead(sequence: sequence, previous: last)
    }
}

extension SubmitRefusal {
    /// Whether the author's number has moved on, so that the next one may be taken.
    fileprivate var isOfNumber: Bool {
        switch self {
        case .pooled, .context(.sequence), .context(.previous): true
        default: false
        }
    }

    /// Whether the store failed.
    fileprivate var isOfStore: Bool {
        if case .store = self { true } else { false }
    }

    /// Whether the entry can never be recorded.
    fileprivate var isFinal: Bool {
        switch self {
        case .violation, .pooled: true
        case .context(let violation): !violation.mayPass
        default: false
        }
    }
}
