import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings

/// How often a stamp is made anew while the price rises, and a number is taken anew.
private let attemptLimit = 4

extension Participant {
    /// What became of an entry that was shown to a node.
    enum Attempt {
        /// The node has it.
        case taken(WrittenEntry)
        /// Another entry has its number, so that it can never be recorded.
        case overtaken
        /// The node refused it.
        case refused(APIError)
    }

    /// Signs an entry with the author's next number and delivers it.
    ///
    /// - Parameters:
    ///   - meeting: A meeting that the keystore knows.
    ///   - held: The keystore, held for this.
    ///   - make: Makes the entry for a number.
    /// - Returns: The entry as the node took it.
    /// - Throws: Why it was not.
    func write(
        in meeting: Digest,
        _ held: HeldKeystore,
        _ make: (EntryBuilder, AuthorHead, borrowing SigningKey) throws -> SignedEntry
    ) async throws -> WrittenEntry {
        var author = VerifyingKey.zero
        for _ in 0..<attemptLimit {
            let entry = try await sign(in: meeting, held, make)
            author = entry.author
            if let written = try await deliver(entry, of: meeting, held) { return written }
        }
        throw ParticipantFailure.sequenceTaken(author: author)
    }

    /// Signs an entry with the author's next number.
    ///
    /// The entry is on the disk before it leaves and stays there until it is recorded, so that a
    /// number never gets two of them: whatever was signed before is delivered first.
    func sign(
        in meeting: Digest,
        _ held: HeldKeystore,
        _ make: (EntryBuilder, AuthorHead, borrowing SigningKey) throws -> SignedEntry
    ) async throws -> Entry {
        try await deliverOutbox(of: meeting, held)
        let contents = try held.contents()
        guard let kept = contents[meeting] else { throw ParticipantFailure.linkNeeded(meeting) }
        guard kept.outbox.count < KeptMeeting.outboxLimit else {
            throw ParticipantFailure.earlierWaits(kept.outbox[0].id, "too many entries wait")
        }
        let entry = try await Self.withKey(for: kept, in: contents) { key in
            let head = try await node.head(of: key.verifyingKey, in: meeting)
            let builder = try await builder()
            let place = AuthorHead(sequence: head.sequence, previous: head.previous)
            return try make(builder, place, key).stamped(work: 0, nonce: 0)
        }
        try held.update(meeting) { $0?.outbox.append(entry) }
        return entry
    }

    /// Delivers an entry that waits in the outbox, where it stays until it is recorded.
    ///
    /// - Returns: The entry, or nil where another entry has its number.
    func deliver(
        _ entry: Entry,
        of meeting: Digest,
        _ held: HeldKeystore
    ) async throws -> WrittenEntry? {
        switch try await attempt(entry, of: meeting, held) {
        case .taken(let written): return written
        case .overtaken:
            try forget([entry.id], of: meeting, held)
            return nil
        case .refused(let error): throw ClientFailure.refused(error)
        }
    }

    /// Sees to what was signed before: forgets what is recorded or can never be, and delivers again
    /// what the node does not know.
    ///
    /// - Throws: `earlierWaits` while an entry stands in the way of others, or why the node did not
    ///   answer.
    func deliverOutbox(of meeting: Digest, _ held: HeldKeystore) async throws {
        let waiting = try held.contents()[meeting]?.outbox ?? []
        guard let last = waiting.last else { return }
        if last.kind != .open {
            let head = try await node.head(of: last.author, in: meeting)
            if head.previous == last.id { return try await prune(waiting, of: meeting, held) }
        }
        let tip = try await node.tip().height
        // What names an entry that can never be recorded as the one before it never can be either.
        var isBroken = false
        for entry in waiting {
            let status = try await node.status(of: entry.id)
            if status.isRecorded {
                try forget([entry.id], of: meeting, held)
                continue
            }
            guard status.status == .unknown || status.status == .expired || isBroken else {
                continue
            }
            let age = tip.distance(above: entry.anchorHeight)
            isBroken = isBroken || age >= network.parameters.expiry
            if !isBroken { isBroken = try await !redelivers(entry, of: meeting, held) }
            if isBroken { try forget([entry.id], of: meeting, held) }
        }
    }

    /// Forgets entries that are recorded, where the node has all of them.
    private func prune(
        _ waiting: [Entry],
        of meeting: Digest,
        _ held: HeldKeystore
    ) async throws {
        var recorded: [Digest] = []
        for entry in waiting {
            guard try await node.status(of: entry.id).isRecorded else { break }
            recorded.append(entry.id)
        }
        try forget(recorded, of: meeting, held)
    }

    /// Shows an entry to the node once more; false where its number is free again.
    ///
    /// A refusal that may pass keeps the number. One that lasts has been told to the person when the
    /// entry was new, and two times are enough: see `docs/decisions/refused-entries.md`.
    private func redelivers(
        _ entry: Entry,
        of meeting: Digest,
        _ held: HeldKeystore
    ) async throws -> Bool {
        observe(.deliversEarlier(entry.id))
        switch try await attempt(entry, of: meeting, held) {
        case .taken: return true
        case .overtaken: return false
        case .refused(let error):
            guard error.mayPass else { return false }
            throw ParticipantFailure.earlierWaits(entry.id, error.message)
        }
    }

    /// Stamps and submits an entry.
    private func attempt(
        _ signed: Entry,
        of meeting: Digest,
        _ held: HeldKeystore
    ) async throws -> Attempt {
        var least: UInt64 = 0
        var number = 0
        while true {
            number += 1
            let entry = try await stamped(signed, atLeast: least)
            if let violation = violation(by: entry) {
                // Nobody has seen it, so its number is free.
                try forget([entry.id], of: meeting, held)
                throw ParticipantFailure.unfit(violation)
            }
            let refusal: APIError
            switch try await submit(entry) {
            case .success(let status): return .taken(written(entry, status))
            case .failure(let error): refusal = error
            }
            let status = try await node.status(of: signed.id)
            if status.status != .unknown, status.status != .expired {
                return .taken(written(entry, status))
            }
            let feed = signed.kind == .open ? nil : signed.meeting
            let head = try await node.head(of: signed.author, in: feed)
            if head.sequence > signed.sequence { return .overtaken }
            guard let price = refusal.stampPrice(for: entry), number < attemptLimit else {
                return .refused(refusal)
            }
            least = price
        }
    }

    /// Submits an entry; a rule that it breaks is a result and no failure of the call.
    private func submit(
        _ entry: Entry
    ) async throws(ClientFailure) -> Result<EntryStatusDocument, APIError> {
        do throws(ClientFailure) {
            return .success(try await node.submit(entry).status)
        } catch {
            guard case .refused(let reason) = error, reason.code == APIError.Code.ruleBroken else {
                throw error
            }
            return .failure(reason)
        }
    }

    /// The rule that an entry breaks by itself, wherever it stands.
    private func violation(by entry: Entry) -> EntryViolation? {
        do throws(EntryViolation) {
            _ = try ValidEntry(judging: entry, on: network)
            return nil
        } catch { return error }
    }

    /// Takes entries out of the outbox.
    func forget(_ ids: [Digest], of meeting: Digest, _ held: HeldKeystore) throws {
        guard !ids.isEmpty else { return }
        try held.update(meeting) { $0?.outbox.removeAll { ids.contains($0.id) } }
    }

    private func written(_ entry: Entry, _ status: EntryStatusDocument) -> WrittenEntry {
        observe(.submitted(status))
        return WrittenEntry(entry: entry, id: entry.id, status: status)
    }

    private func stamped(_ entry: Entry, atLeast least: UInt64) async throws -> Entry {
        let minimum = Stamp.minimumWork(
            kind: entry.kind,
            sequence: entry.sequence,
            payloadByteCount: entry.payloadByteCount,
            parameters: network.parameters
        )
        let quote = try await node.stampQuote(
            kind: entry.kind,
            sequence: entry.sequence,
            payloadByteCount: Int(entry.payloadByteCount)
        )
        let work = max(minimum, quote.work, quote.poolWork, least)
        let id = entry.id
        if entry.stampWork >= work,
            Stamp.isValid(id: id, work: entry.stampWork, nonce: entry.stampNonce)
        {
            return entry
        }
        let estimate = await worker.estimate(work: work)
        observe(.estimates(estimate))
        let nonce = try await worker.nonce(for: id, estimate: estimate) { progress in
            observe(.searches(progress))
        }
        observe(.stamped)
        return entry.restamped(work: work, nonce: nonce)
    }
}

extension EntryStatusDocument {
    /// Whether a block of the best chain holds the entry.
    fileprivate var isRecorded: Bool { status.rank >= DeliveryStep.recorded.rank }
}
