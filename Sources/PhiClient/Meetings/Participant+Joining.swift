import PhiAPI
public import PhiCrypto
public import PhiLedger
public import PhiMeetings

/// What became of a wish to join.
public struct JoinedMeeting: Equatable, Sendable {
    /// The meeting.
    public let meeting: Digest
    /// The key that the keystore's owner writes with there.
    public let author: VerifyingKey
    /// The title, where it can be read.
    public let title: String?
    /// Whether what is said is sealed.
    public let isPrivate: Bool
    /// The `join` that was written; nil where none was needed.
    public let written: WrittenEntry?
}

/// A meeting that was opened.
public struct OpenedMeeting: Equatable, Sendable {
    /// The meeting.
    public let meeting: Digest
    /// The link to share.
    public let link: MeetingLink
    /// The host's key.
    public let author: VerifyingKey
    /// The `open`.
    public let written: WrittenEntry
}

extension Participant {
    /// Opens a meeting.
    ///
    /// - Parameters:
    ///   - title: The title.
    ///   - reading: Who can read.
    ///   - writing: Who can write.
    ///   - lifetime: Blocks after which it closes by itself; 0 is never.
    ///   - peers: Nodes for the link.
    /// - Returns: The meeting with its link.
    /// - Throws: Why it was not opened.
    public func open(
        title: String,
        reading: ReadingPolicy,
        writing: WritingPolicy,
        lifetime: UInt32 = 0,
        peers: [LinkPeer] = []
    ) async throws -> OpenedMeeting {
        try await keystore.exclusively { held in
            var contents = try held.contents()
            let needsSecret = MeetingPlan.needsSecret(reading: reading, writing: writing)
            let secret =
                needsSecret ? MeetingSecret(Chance.bytes(MeetingSecret.byteCount)) : nil
            let plan = MeetingPlan(
                title: title,
                reading: reading,
                writing: writing,
                lifetime: lifetime,
                secret: secret
            )
            let salt = Chance.bytes(Entry.saltByteCount)
            let builder = try await builder()
            let keys = AuthorKeys(identity: contents.seed.secret(), device: contents.device)
            let key = try keys.host(openSalt: salt)
            let author = key.verifyingKey
            let signed: SignedEntry
            do throws(EntryBuilderFailure) {
                signed = try builder.open(plan, salt: salt, key: key)
            } catch { throw ParticipantFailure.builder(error) }
            let entry = signed.stamped(work: 0, nonce: 0)
            var kept = KeptMeeting(
                chain: network.chain,
                meeting: signed.id,
                hostSalt: salt,
                secrets: secret.map { [$0] } ?? [],
                peers: peers,
                title: title,
                outbox: [entry]
            )
            kept.approvesMinutes = lifetime > 0
            contents[signed.id] = kept
            try held.save(contents)
            guard let written = try await deliver(entry, of: signed.id, held) else {
                throw ParticipantFailure.sequenceTaken(author: author)
            }
            return OpenedMeeting(
                meeting: signed.id,
                link: kept.link(prefix: network.prefix),
                author: author,
                written: written
            )
        }
    }

    /// Takes part in a meeting: keeps its link, and asks in where that is needed.
    ///
    /// - Parameter reference: A link, or the id of a meeting that needs none.
    /// - Returns: The meeting.
    /// - Throws: `wrongSecret` where the link is not the meeting's, or why the join was refused.
    public func join(_ reference: MeetingReference) async throws -> JoinedMeeting {
        try await keystore.exclusively { held in
            try await join(reference, held)
        }
    }

    func join(
        _ reference: MeetingReference,
        _ held: HeldKeystore
    ) async throws -> JoinedMeeting {
        let meeting = reference.meeting
        var contents = try held.contents()
        var kept =
            contents[meeting] ?? KeptMeeting(chain: network.chain, meeting: meeting)
        if case .link(let link) = reference { kept.learn(link) }
        contents[meeting] = kept
        let reader = try await reader(of: meeting, contents: contents)
        try await checkSecret(of: kept, reader)
        kept.title = reader.title ?? kept.title
        contents[meeting] = kept
        try held.save(contents)
        let author = try Self.author(of: kept, in: contents)
        let isNeeded = reader.terms.writing == .link || reader.terms.reading == .secretHolders
        var written: WrittenEntry?
        if isNeeded, !kept.isHost {
            try await deliverOutbox(of: meeting, held)
            let head = try await node.head(of: author, in: meeting)
            if head.sequence == 0 { written = try await writeJoin(reader, held) }
        }
        return JoinedMeeting(
            meeting: meeting,
            author: author,
            title: reader.title,
            isPrivate: reader.terms.reading == .secretHolders,
            written: written
        )
    }

    private func writeJoin(
        _ reader: MeetingReader,
        _ held: HeldKeystore
    ) async throws -> WrittenEntry {
        let contents = try held.contents()
        let secret = contents[reader.meeting]?.secrets.last
        return try await write(in: reader.meeting, held) { builder, head, key in
            guard head.sequence == 0 else {
                throw ParticipantFailure.sequenceTaken(author: key.verifyingKey)
            }
            let keys = AuthorKeys(identity: contents.seed.secret(), device: contents.device)
            let wantsEpochs = reader.terms.reading == .secretHolders
            return try Self.made { () throws(EntryBuilderFailure) in
                var agreement: AgreementPublicKey?
                do throws(CryptoFailure) {
                    if wantsEpochs {
                        agreement = try keys.agreement(meeting: reader.meeting).publicKey
                    }
                } catch { throw .crypto(error) }
                return try builder.join(
                    reader.meeting,
                    with: reader.terms.writing == .link ? secret : nil,
                    agreementKey: agreement,
                    salt: Chance.bytes(Entry.saltByteCount),
                    key: key
                )
            }
        }
    }

    /// Refuses a link whose secret the chain does not bind the meeting to.
    ///
    /// A new `revoke` of the host may be on its way, so only a meeting of which no secret at all
    /// fits is refused.
    private func checkSecret(
        of kept: KeptMeeting,
        _ reader: MeetingReader
    ) async throws {
        let terms = reader.terms
        let isNeeded = MeetingPlan.needsSecret(reading: terms.reading, writing: terms.writing)
        guard isNeeded else { return }
        guard !kept.secrets.isEmpty else { throw ParticipantFailure.linkNeeded(kept.meeting) }
        if let epochs = reader.epochs {
            guard epochs.heldCount > 0 else {
                throw ParticipantFailure.wrongSecret(kept.meeting)
            }
            return
        }
        let current = try await node.ifKnown { try await node.meeting(kept.meeting).linkKey }
        let keys = try kept.secrets.map { try $0.linkKey().verifyingKey }
        guard keys.contains(current ?? terms.linkKey) || keys.contains(terms.linkKey) else {
            throw ParticipantFailure.wrongSecret(kept.meeting)
        }
    }

    /// What a builder makes, with its failures as a participant's.
    static func made(
        _ make: () throws(EntryBuilderFailure) -> SignedEntry
    ) throws(ParticipantFailure) -> SignedEntry {
        do { return try make() } catch { throw .builder(error) }
    }
}
