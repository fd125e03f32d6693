import PhiAPI
public import PhiCrypto
import PhiLedger
public import PhiMeetings

/// What became of a wish to shut authors out.
public struct Revoked: Equatable, Sendable {
    /// The `revoke`.
    public let written: WrittenEntry
    /// The link from now on; nil where it stays as it is.
    public let link: MeetingLink?
    /// The messages that brought members the new secret.
    public let deliveries: [WrittenEntry]
    /// Members that could not be given the new secret, since they joined without a key for it.
    public let unreachable: [VerifyingKey]
    /// Authors who joined, and of whom nothing shows that they had the secret before.
    public let strangers: [VerifyingKey]
}

extension Participant {
    /// Names authors that may write.
    public func admit(
        _ authors: [VerifyingKey],
        to meeting: Digest
    ) async throws -> WrittenEntry {
        try await keystore.exclusively { held in
            try checkHost(of: meeting, held)
            return try await write(in: meeting, held) { builder, head, key in
                try Self.made { () throws(EntryBuilderFailure) in
                    try builder.admit(
                        authors,
                        to: meeting,
                        salt: Chance.bytes(Entry.saltByteCount),
                        head: head,
                        key: key
                    )
                }
            }
        }
    }

    /// Ends a meeting; ``tend(_:)`` signs its minutes later.
    public func close(_ meeting: Digest) async throws -> WrittenEntry {
        try await keystore.exclusively { held in
            try checkHost(of: meeting, held)
            let written = try await write(in: meeting, held) { builder, head, key in
                try Self.made { () throws(EntryBuilderFailure) in
                    try builder.close(
                        meeting,
                        salt: Chance.bytes(Entry.saltByteCount),
                        head: head,
                        key: key
                    )
                }
            }
            try held.update(meeting) { $0?.approvesMinutes = true }
            return written
        }
    }

    /// Shuts authors out.
    ///
    /// - Parameters:
    ///   - authors: Their keys; none only renews the secret.
    ///   - meeting: The meeting.
    ///   - renewsSecret: Whether a new secret is made where the meeting has one, so that those shut
    ///     out neither read on nor come in again by the old link.
    ///   - hidesHistory: Whether newcomers by the new link get no earlier history.
    /// - Returns: The `revoke`, and how the new secret was handed out.
    /// - Throws: Why it was not done.
    public func revoke(
        _ authors: [VerifyingKey],
        in meeting: Digest,
        renewsSecret: Bool = true,
        hidesHistory: Bool = false
    ) async throws -> Revoked {
        try await keystore.exclusively { held in
            try checkHost(of: meeting, held)
            try await deliverOutbox(of: meeting, held)
            let contents = try held.contents()
            let reader = try await reader(of: meeting, contents: contents)
            let terms = reader.terms
            let needsSecret = MeetingPlan.needsSecret(
                reading: terms.reading,
                writing: terms.writing
            )
            let old = contents[meeting]?.secrets.last
            guard needsSecret, renewsSecret else {
                let linkKey =
                    terms.writing == .link ? try old?.linkKey().verifyingKey ?? .zero : .zero
                let change = MeetingChange(revoked: authors, linkKey: linkKey, readCheck: .zero)
                let written = try await revoke(change, in: meeting, held)
                return Revoked(
                    written: written,
                    link: nil,
                    deliveries: [],
                    unreachable: [],
                    strangers: []
                )
            }
            return try await renew(
                reader,
                revoking: authors,
                hidesHistory: hidesHistory,
                held
            )
        }
    }

    private func renew(
        _ reader: MeetingReader,
        revoking authors: [VerifyingKey],
        hidesHistory: Bool,
        _ held: HeldKeystore
    ) async throws -> Revoked {
        let meeting = reader.meeting
        guard let fresh = MeetingSecret(Chance.bytes(MeetingSecret.byteCount)) else {
            throw ParticipantFailure.linkNeeded(meeting)
        }
        let oldEpoch = try Self.writingEpoch(of: reader)
        var circle: EpochCircle?
        if let epochs = reader.epochs {
            circle = try await self.circle(reader, epochs, without: authors)
        }
        let change = try MeetingChange(revoked: authors, renewing: fresh, terms: reader.terms)
        // The secret is on the disk before the chain binds the meeting to it.
        try held.update(meeting) { $0?.learn(fresh) }
        let written: WrittenEntry
        do { written = try await revoke(change, in: meeting, held) } catch {
            if case .refused(let reason)? = error as? ClientFailure, !reason.mayPass {
                try withdraw(fresh, in: meeting, held)
            }
            throw error
        }
        let link = try held.contents()[meeting]?.link(prefix: network.prefix)
        guard let oldEpoch else {
            return Revoked(
                written: written,
                link: link,
                deliveries: [],
                unreachable: [],
                strangers: []
            )
        }
        let epoch = EpochSecret(number: oldEpoch.number + 1, secret: fresh)
        let start: EpochStart
        do {
            start = try EpochStart(
                of: epoch,
                after: hidesHistory ? nil : oldEpoch.secret,
                meeting: meeting,
                for: circle?.members ?? [],
                freshSeed: { Chance.bytes(32) }
            )
        } catch { throw ParticipantFailure.epoch(error) }
        return Revoked(
            written: written,
            link: link,
            deliveries: try await send(start, of: epoch, after: oldEpoch, in: meeting, held),
            unreachable: start.unreachable,
            strangers: circle?.strangers ?? []
        )
    }

    /// Writes the messages that start an epoch.
    private func send(
        _ start: EpochStart,
        of epoch: EpochSecret,
        after oldEpoch: EpochSecret,
        in meeting: Digest,
        _ held: HeldKeystore
    ) async throws -> [WrittenEntry] {
        var written: [WrittenEntry] = []
        for delivery in start.deliveries {
            written.append(
                try await message(.epoch(delivery), in: meeting, epoch: oldEpoch, held)
            )
        }
        if let bridge = start.bridge {
            written.append(try await message(.epoch(bridge), in: meeting, epoch: epoch, held))
        }
        return written
    }

    /// Forgets a secret with the `revoke` that names it: one must not come without the other.
    private func withdraw(
        _ secret: MeetingSecret,
        in meeting: Digest,
        _ held: HeldKeystore
    ) throws {
        try held.update(meeting) { kept in
            kept?.secrets.removeAll { $0 == secret }
            kept?.outbox.removeAll { entry in
                guard entry.kind == .revoke else { return false }
                let change = try? Revocation(decoding: entry.payload)
                return change?.readCheck == secret.readCheck
            }
        }
    }

    private func revoke(
        _ change: MeetingChange,
        in meeting: Digest,
        _ held: HeldKeystore
    ) async throws -> WrittenEntry {
        try await write(in: meeting, held) { builder, head, key in
            try Self.made { () throws(EntryBuilderFailure) in
                try builder.revoke(
                    change,
                    in: meeting,
                    salt: Chance.bytes(Entry.saltByteCount),
                    head: head,
                    key: key
                )
            }
        }
    }

    /// Who shall get the new secret: see ``EpochCircle``.
    ///
    /// Keys come from the entries that their owners signed and not from the node's list of members,
    /// which could name a key of its own.
    private func circle(
        _ reader: MeetingReader,
        _ epochs: Epochs,
        without revoked: [VerifyingKey]
    ) async throws -> EpochCircle {
        guard var circle = EpochCircle(terms: reader.terms, host: reader.host, epochs: epochs)
        else { throw ParticipantFailure.epochSecretMissing(epochs.current) }
        try await forEachEntry(of: reader.meeting) { circle.take($0.entry) }
        circle.revoke(revoked)
        return circle
    }

    private func checkHost(of meeting: Digest, _ held: HeldKeystore) throws {
        guard try held.contents()[meeting]?.isHost == true else {
            throw ParticipantFailure.notHost(meeting)
        }
    }
}
