import PhiAPI
public import PhiCrypto
import PhiLedger
import PhiMeetings

extension Participant {
    /// A reader of a meeting, with all secrets that the keystore and the chain lead to.
    ///
    /// - Parameter meeting: The meeting.
    /// - Returns: The reader.
    /// - Throws: Why there is none, such as a secret that is not the meeting's.
    public func reader(of meeting: Digest) async throws -> MeetingReader {
        try await reader(of: meeting, contents: keystore.contents())
    }

    func reader(
        of meeting: Digest,
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
            try await follow(&epochs, of: meeting, host: host, kept: kept, contents: contents)
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
    private func follow(
        _ followed: inout Epochs?,
        of meeting: Digest,
        host: VerifyingKey,
        kept: KeptMeeting?,
        contents: KeystoreContents
    ) async throws {
        guard var epochs = followed else { return }
        var messages: [Entry] = []
        try await forEachEntry(of: meeting, by: host, withPending: true) { document in
            let entry = document.entry
            if entry.kind == .revoke {
                let change = try Revocation(decoding: entry.payload)
                try epochs.announce(change.readCheck)
            } else if entry.kind == .message {
                messages.append(entry)
            }
        }
        // A secret of the keystore may belong to a `revoke` that is not in the chain yet.
        for secret in kept?.secrets ?? [] { _ = try? epochs.learn(secret) }
        followed = epochs
        guard let kept else { return }
        let keys = AuthorKeys(identity: contents.seed.secret(), device: contents.device)
        let agreement = try keys.agreement(meeting: meeting)
        let author = try Self.author(of: kept, in: contents)
        var held = -1
        // Each secret may open the message that brings the next one, forwards or backwards.
        while held != epochs.heldCount {
            held = epochs.heldCount
            for entry in messages {
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

    /// Hands over all entries of a meeting in chain order, checked, the `open` included.
    ///
    /// A meeting that is in no block yet has none but those that wait.
    func forEachEntry(
        of meeting: Digest,
        by author: VerifyingKey? = nil,
        withPending: Bool = false,
        _ body: (EntryDocument) throws -> Void
    ) async throws {
        var query = HistoryQuery()
        query.limit = Int(PageLimit.range.upperBound)
        query.author = author
        query.includesPending = withPending
        repeat {
            let found = try await ifKnown { try await node.history(of: meeting, query) }
            guard let page = found else { return }
            let isLast = page.next == nil
            for document in page.entries + (withPending && isLast ? page.pending : []) {
                try EntryCheck.check(document, in: meeting, network: network)
                if let author, document.entry.author != author {
                    throw ParticipantFailure.wrongEntry(document.id, .otherAuthor)
                }
                try body(document)
            }
            query.cursor = page.next
        } while query.cursor != nil
    }
}

extension Participant {
    /// What a call gives, or nil where the node does not know what it is about.
    func ifKnown<Value>(_ call: () async throws -> Value) async throws -> Value? {
        do { return try await call() } catch ClientFailure.refused(let error)
            where error.code == APIError.Code.notFound
        {
            return nil
        }
    }
}

extension Epochs {
    /// How many secrets are held.
    var heldCount: Int { (0...Int(current)).count { secret(of: UInt16($0)) != nil } }
}
