public import PhiAPI
public import PhiCrypto
import PhiLedger
public import PhiMeetings

extension Participant {
    /// Writes a message.
    ///
    /// A meeting that was named by a link and not joined yet is joined first.
    ///
    /// - Parameters:
    ///   - content: What it says.
    ///   - reference: The meeting.
    /// - Returns: The message as the node took it.
    /// - Throws: Why it was not.
    public func send(
        _ content: MessageContent,
        to reference: MeetingReference
    ) async throws -> WrittenEntry {
        try await keystore.exclusively { held in
            let meeting = reference.meeting
            if try held.contents()[meeting] == nil || reference.secret != nil {
                _ = try await join(reference, held)
            }
            let reader = try await reader(of: meeting, contents: held.contents())
            let epoch = try Self.writingEpoch(of: reader)
            return try await message(content, in: meeting, epoch: epoch, held)
        }
    }

    /// Signs a message and keeps it in the outbox; ``deliver(_:of:)`` brings it to the node.
    ///
    /// In two steps nothing is said twice when the node goes away in between.
    ///
    /// - Parameters:
    ///   - content: What it says.
    ///   - meeting: A meeting that was joined.
    /// - Returns: The entry's id.
    /// - Throws: Why it was not signed; then it is not in the outbox.
    public func sign(_ content: MessageContent, in meeting: Digest) async throws -> Digest {
        try await keystore.exclusively { held in
            let reader = try await reader(of: meeting, contents: held.contents())
            let epoch = try Self.writingEpoch(of: reader)
            let entry = try await sign(in: meeting, held) { builder, head, key in
                try Self.made { () throws(EntryBuilderFailure) in
                    try builder.message(
                        content,
                        to: meeting,
                        in: epoch,
                        salt: Chance.bytes(Entry.saltByteCount),
                        head: head,
                        key: key
                    )
                }
            }
            return entry.id
        }
    }

    /// Delivers an entry of the outbox.
    ///
    /// - Parameters:
    ///   - id: The entry.
    ///   - meeting: Its meeting.
    /// - Returns: Where it stands.
    /// - Throws: `sequenceTaken` where it can never be recorded, or why the node did not take it.
    public func deliver(
        _ id: Digest,
        of meeting: Digest
    ) async throws -> EntryStatusDocument {
        try await keystore.exclusively { held in
            let kept = try held.contents()[meeting]
            guard let entry = kept?.outbox.first(where: { $0.id == id }) else {
                return try await node.status(of: id)
            }
            guard let written = try await deliver(entry, of: meeting, held) else {
                throw ParticipantFailure.sequenceTaken(author: entry.author)
            }
            return written.status
        }
    }

    func message(
        _ content: MessageContent,
        in meeting: Digest,
        epoch: EpochSecret?,
        _ held: HeldKeystore
    ) async throws -> WrittenEntry {
        try await write(in: meeting, held) { builder, head, key in
            try Self.made { () throws(EntryBuilderFailure) in
                try builder.message(
                    content,
                    to: meeting,
                    in: epoch,
                    salt: Chance.bytes(Entry.saltByteCount),
                    head: head,
                    key: key
                )
            }
        }
    }

    /// The epoch that a message is sealed under now; nil in a public meeting.
    static func writingEpoch(
        of reader: MeetingReader
    ) throws(ParticipantFailure) -> EpochSecret? {
        guard let epochs = reader.epochs else { return nil }
        guard let secret = epochs.currentSecret else {
            throw .epochSecretMissing(epochs.current)
        }
        return secret
    }

    /// Signs the minutes of an ended meeting, after computing them from its entries.
    ///
    /// - Parameter meeting: The meeting.
    /// - Returns: The approval as the node took it.
    /// - Throws: `minutesMismatch` where the node's entries make other minutes than it claims.
    public func approve(_ meeting: Digest) async throws -> WrittenEntry {
        let found = try await node.meeting(meeting)
        guard !found.isOpen else { throw ParticipantFailure.stillOpen(meeting) }
        let minutes = try await node.computedMinutes(of: meeting, on: network)
        guard minutes == found.minutes else {
            throw ParticipantFailure.minutesMismatch(
                claimed: found.minutes,
                computed: minutes
            )
        }
        return try await keystore.exclusively { held in
            if try held.contents()[meeting] == nil {
                try held.update(meeting) {
                    $0 = KeptMeeting(chain: network.chain, meeting: meeting)
                }
            }
            return try await write(in: meeting, held) { builder, head, key in
                try Self.made { () throws(EntryBuilderFailure) in
                    try builder.approve(
                        minutes,
                        endedBy: found.close ?? .zero,
                        of: meeting,
                        salt: Chance.bytes(Entry.saltByteCount),
                        head: head,
                        key: key
                    )
                }
            }
        }
    }
}
