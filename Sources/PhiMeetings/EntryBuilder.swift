public import PhiCrypto
public import PhiLedger

/// Makes signed entries of every kind.
///
/// The builder knows the network, the block that the author has seen and the author's clock; the
/// caller gives the rest, fresh salts above all: one salt must never serve two payloads.
public struct EntryBuilder: Sendable {
    /// The network.
    public let network: Network
    /// The height of a block that the author has seen.
    public let anchorHeight: Height
    /// The hash of that block.
    public let anchorHash: Digest
    /// The author's clock.
    public let time: Timestamp

    /// A builder for entries that are signed now.
    public init(network: Network, anchorHeight: Height, anchorHash: Digest, time: Timestamp) {
        self.network = network
        self.anchorHeight = anchorHeight
        self.anchorHash = anchorHash
        self.time = time
    }

    /// An `open`: its author is the host, its id the meeting's id.
    ///
    /// - Parameters:
    ///   - plan: The terms to be.
    ///   - salt: The salt that the host's key was derived with.
    ///   - head: The head of the host's feed outside of meetings.
    ///   - key: The host's key.
    /// - Returns: The entry, still without a stamp.
    /// - Throws: Why the entry cannot be made.
    public func open(
        _ plan: MeetingPlan,
        salt: [UInt8],
        head: AuthorHead = .first,
        key: borrowing SigningKey
    ) throws(EntryBuilderFailure) -> SignedEntry {
        let terms = try plan.terms(salt: salt, host: key.verifyingKey, sequence: head.sequence)
        return try sign(.open, terms.encoded, meeting: .zero, head: head, key: key)
    }

    /// A `join`, an author's first entry in a meeting.
    ///
    /// - Parameters:
    ///   - meeting: The meeting.
    ///   - secret: The link's secret where writing is by link; nil elsewhere.
    ///   - agreementKey: The key for secrets of later epochs; nil wants none.
    ///   - salt: 16 fresh random bytes.
    ///   - key: The author's key.
    /// - Returns: The entry, still without a stamp.
    /// - Throws: Why the entry cannot be made.
    public func join(
        _ meeting: Digest,
        with secret: MeetingSecret?,
        agreementKey: AgreementPublicKey?,
        salt: [UInt8],
        key: borrowing SigningKey
    ) throws(EntryBuilderFailure) -> SignedEntry {
        var signature = Signature(reading: [UInt8](repeating: 0, count: 64), at: 0)
        if let secret {
            let author = key.verifyingKey
            do {
                signature = try secret.linkKey()
                    .sign(Admission.message(meeting: meeting, author: author))
            } catch { throw .crypto(error) }
        }
        let admission = Admission(
            salt: salt,
            signature: signature,
            agreementKey: agreementKey ?? .zero
        )
        return try sign(.join, admission.encoded, meeting: meeting, head: .first, key: key)
    }

    /// A `message`.
    ///
    /// - Parameters:
    ///   - content: What it says.
    ///   - meeting: The meeting.
    ///   - epoch: The epoch to seal under; nil in a public meeting.
    ///   - salt: 16 fresh random bytes.
    ///   - head: The author's head in the meeting.
    ///   - key: The author's key.
    /// - Returns: The entry, still without a stamp.
    /// - Throws: Why the entry cannot be made.
    public func message(
        _ content: MessageContent,
        to meeting: Digest,
        in epoch: EpochSecret?,
        salt: [UInt8],
        head: AuthorHead,
        key: borrowing SigningKey
    ) throws(EntryBuilderFailure) -> SignedEntry {
        let payload: [UInt8]
        if let epoch {
            let place = MessagePlace(
                meeting: meeting,
                author: key.verifyingKey,
                sequence: head.sequence
            )
            do {
                payload = try SealedContent(sealing: content, salt: salt, in: epoch, at: place)
                    .encoded
            } catch { throw .sealing(error) }
        } else {
            do {
                payload = try PublicContent.payload(of: content, salt: salt)
            } catch { throw .content(error) }
        }
        return try sign(.message, payload, meeting: meeting, head: head, key: key)
    }

    func sign(
        _ kind: EntryKind,
        _ payload: [UInt8],
        meeting: Digest,
        head: AuthorHead,
        key: borrowing SigningKey
    ) throws(EntryBuilderFailure) -> SignedEntry {
        let limit = network.parameters.maximumPayloadBytes
        guard payload.count <= Int(limit) else {
            throw .payloadTooLong(limit: limit, found: payload.count)
        }
        let draft = EntryDraft(
            kind: kind,
            chain: network.chain,
            meeting: meeting,
            author: key.verifyingKey,
            sequence: head.sequence,
            previous: head.previous,
            anchorHeight: anchorHeight,
            anchorTail: AnchorTail(of: anchorHash),
            authorTime: time,
            payload: payload
        )
        do { return try SignedEntry(signing: draft, with: key) } catch { throw .crypto(error) }
    }
}

/// Why an entry cannot be made.
public enum EntryBuilderFailure: Error, Equatable, Sendable {
    /// The payload is longer than the network allows.
    case payloadTooLong(limit: UInt32, found: Int)
    /// A list names no key where it must, or more than one entry holds.
    case keyCount(limits: ClosedRange<Int>, found: Int)
    /// The plan needs a secret that it does not have.
    case secretMissing
    /// The plan has a secret that nobody would need.
    case secretNotNeeded
    /// The content cannot be encoded.
    case content(ContentFailure)
    /// The content or title cannot be sealed.
    case sealing(SealingFailure)
    /// A key cannot be used, or the library failed.
    case crypto(CryptoFailure)
}
