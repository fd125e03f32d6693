import PhiAPI
import PhiCrypto
import PhiLedger
import PhiMeetings

extension MeetingReader {
    /// A reader of a meeting, with all secrets that a keystore and the chain lead to.
    static func make(
        of meeting: Digest,
        at node: NodeClient,
        network: Network,
        contents: KeystoreContents
    ) async throws -> MeetingReader {
        // The entry says all that is needed, and is there before a block holds it.
        let found = try await node.entry(meeting)
        try EntryCheck.check(found, in: meeting, network: network)
        guard found.entry.kind == .open else {
            throw ParticipantFailure.wrongEntry(meeting, .otherPlace)
        }
        let terms = try MeetingTerms(decoding: found.entry.payload)
        let host = found.entry.author
        let kept = contents[meeting]
        var epochs: Epochs?
        if terms.reading == .secretHolders {
            epochs = Epochs(meeting: meeting, readCheck: terms.readCheck)
            let entries = try await HostEntries(of: meeting, by: host, at: node, network: network)
            try follow(&epochs, entries, kept: kept, contents: contents)
        }
        let title = try? MeetingTitle.decode(
            terms,
            openedWith: epochs?.secret(of: 0),
            author: host,
            sequence: found.entry.sequence
        )
        return MeetingReader(
            terms: terms,
            meeting: meeting,
            title: title ?? nil,
            host: host,
            network: network,
            epochs: epochs
        )
    }

    /// Follows the host's entries from epoch to epoch.
    private static func follow(
        _ followed: inout Epochs?,
        _ entries: HostEntries,
        kept: KeptMeeting?,
        contents: KeystoreContents
    ) throws {
        guard var epochs = followed else { return }
        for readCheck in entries.readChecks { try epochs.announce(readCheck) }
        // A secret of the keystore may belong to a `revoke` that is not in the chain yet.
        for secret in kept?.secrets ?? [] { _ = try? epochs.learn(secret) }
        followed = epochs
        guard let kept else { return }
        let keys = AuthorKeys(identity: contents.seed.secret(), device: contents.device)
        let agreement = try keys.agreement(meeting: epochs.meeting)
        let author = try Participant.author(of: kept, in: contents)
        var held = -1
        // Each secret may open the message that brings the next one, forwards or backwards.
        while held != epochs.heldCount {
            held = epochs.heldCount
            for entry in entries.messages {
                guard let delivery = Self.delivery(in: entry, epochs) else { continue }
                try? epochs.learn(delivery, author: author, key: agreement)
                try? epochs.learnPrevious(delivery)
            }
        }
        followed = epochs
    }

    private static func delivery(in entry: Entry, _ epochs: Epochs) -> EpochDelivery? {
        guard let sealed = try? SealedContent(decoding: entry.payload),
            let secret = epochs.secret(of: sealed.epoch),
            case .epoch(let delivery)? = try? sealed.open(
                with: secret,
                at: MessagePlace(of: entry)
            )
        else { return nil }
        return delivery
    }
}

/// What a host wrote that bears on epochs.
private struct HostEntries {
    /// What each `revoke` named, in chain order.
    var readChecks: [Digest] = []
    /// The host's messages, in chain order.
    var messages: [Entry] = []

    init(
        of meeting: Digest,
        by host: VerifyingKey,
        at node: NodeClient,
        network: Network
    ) async throws {
        try await node.forEachEntry(of: meeting, on: network, by: host, withPending: true) {
            let entry = $0.entry
            if entry.kind == .revoke {
                readChecks.append(try Revocation(decoding: entry.payload).readCheck)
            } else if entry.kind == .message {
                messages.append(entry)
            }
        }
    }
}

extension Epochs {
    /// How many secrets are held.
    var heldCount: Int { (0...Int(current)).count { secret(of: UInt16($0)) != nil } }
}
