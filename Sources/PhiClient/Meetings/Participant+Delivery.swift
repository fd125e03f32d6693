import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings

/// How often a stamp is made anew while the price rises, and a number is taken anew.
private let attemptLimit = 4

extension Participant {
    /// Signs an entry with the author's next number and delivers it.
    ///
    /// The signed entry is on the disk before it leaves, so that a number never gets two of them:
    /// whatever happens, the next run delivers this one first.
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
        try await deliverOutbox(of: meeting, held)
        for _ in 0..<attemptLimit {
            let contents = try held.contents()
            guard let kept = contents[meeting] else {
                throw ParticipantFailure.linkNeeded(meeting)
            }
            let entry = try await Self.withKey(for: kept, in: contents) { key in
                let author = key.verifyingKey
                let head = try await node.head(of: author, in: meeting)
                let builder = try await builder()
                let place = AuthorHead(sequence: head.sequence, previous: head.previous)
                return try make(builder, place, key).stamped(work: 0, nonce: 0)
            }
            try held.update(meeting) { $0?.outbox = entry }
            if let written = try await deliver(entry, of: meeting, held) { return written }
        }
        let contents = try held.contents()
        guard let kept = contents[meeting] else { throw ParticipantFailure.linkNeeded(meeting) }
        throw ParticipantFailure.sequenceTaken(author: try Self.author(of: kept, in: contents))
    }

    /// Delivers what an earlier run had signed and could not bring to a node.
    func deliverOutbox(of meeting: Digest, _ held: HeldKeystore) async throws {
        guard let entry = try held.contents()[meeting]?.outbox else { return }
        let id = entry.id
        let status = try await node.status(of: id)
        if status.status == .unknown || status.status == .expired {
            let tip = try await node.tip()
            let age = tip.height.distance(above: entry.anchorHeight)
            if age < network.parameters.expiry {
                observe(.deliversEarlier(id))
                do { _ = try await deliver(entry, of: meeting, held) } catch let failure
                    as ClientFailure where failure.brokenRule != nil
                {
                    // The node told its reason when the entry was new; it stands no more in the way.
                }
            }
        }
        try held.update(meeting) { $0?.outbox = nil }
    }

    /// Stamps and submits an entry.
    ///
    /// - Returns: The entry, or nil where another entry has its number, so that it can never be
    ///   recorded.
    func deliver(
        _ signed: Entry,
        of meeting: Digest,
        _ held: HeldKeystore
    ) async throws -> WrittenEntry? {
        var least: UInt64 = 0
        var attempt = 0
        while true {
            let entry = try await stamped(signed, atLeast: least)
            do {
                let answer = try await node.submit(entry)
                return try finish(entry, answer.status, of: meeting, held)
            } catch ClientFailure.refused(let error)
                where error.code == APIError.Code.ruleBroken
            {
                attempt += 1
                let status = try await node.status(of: signed.id)
                if status.status != .unknown, status.status != .expired {
                    return try finish(entry, status, of: meeting, held)
                }
                let feed = signed.kind == .open ? nil : signed.meeting
                let head = try await node.head(of: signed.author, in: feed)
                if head.sequence > signed.sequence {
                    try held.update(meeting) { $0?.outbox = nil }
                    return nil
                }
                if let price = error.stampPrice(for: entry), attempt < attemptLimit {
                    least = price
                    continue
                }
                // The node did not take the entry, and said why: it shall not block its author.
                try held.update(meeting) { $0?.outbox = nil }
                throw ClientFailure.refused(error)
            }
        }
    }

    private func finish(
        _ entry: Entry,
        _ status: EntryStatusDocument,
        of meeting: Digest,
        _ held: HeldKeystore
    ) throws -> WrittenEntry {
        try held.update(meeting) { $0?.outbox = nil }
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

extension APIError {
    /// The work that would satisfy a node that found a stamp too small; nil for other refusals.
    func stampPrice(for entry: Entry) -> UInt64? {
        guard let rule = data?["rule"]?.string?.lowercased(),
            rule.contains("stamp") || rule.contains("density")
        else { return nil }
        let (doubled, overflow) = entry.stampWork.multipliedReportingOverflow(by: 2)
        return overflow ? nil : max(doubled, 1)
    }
}
