import PhiConsensus
public import PhiCrypto
public import PhiLedger

/// An entry that its author has signed, and that still needs a stamp.
///
/// Id and signature do not depend on the stamp, so the search can run elsewhere and later.
public struct SignedEntry: Hashable, Sendable {
    /// What was signed.
    public let draft: EntryDraft
    /// The entry's name.
    public let id: Digest
    /// The author's signature over the name.
    public let signature: Signature

    /// Signs a draft with the key that it names as its author.
    public init(
        signing draft: EntryDraft,
        with key: borrowing SigningKey
    ) throws(CryptoFailure) {
        precondition(draft.author == key.verifyingKey, "an author signs their own entries")
        self.draft = draft
        id = draft.id
        signature = try key.sign(draft.signedMessage)
    }

    /// The least work that a network asks for the stamp.
    public func minimumWork(on parameters: NetworkParameters) -> UInt64 {
        Stamp.minimumWork(
            kind: draft.kind,
            sequence: draft.sequence,
            payloadByteCount: UInt32(draft.payload.count),
            parameters: parameters
        )
    }

    /// The whole entry with a stamp.
    public func stamped(work: UInt64, nonce: UInt64) -> Entry {
        draft.assembled(signature: signature, work: work, nonce: nonce)
    }

    /// What the author's next entry in the same meeting must carry on from.
    public var head: AuthorHead {
        AuthorHead(sequence: draft.sequence + 1, previous: id)
    }
}

/// Where an author's next entry in a meeting goes.
public struct AuthorHead: Hashable, Sendable {
    /// The head of an author who has no entry yet.
    public static let first = AuthorHead(sequence: 0, previous: .zero)

    /// The number of the next entry.
    public let sequence: UInt64
    /// The id of the entry before it; zero for the first.
    public let previous: Digest

    /// A head of given parts.
    public init(sequence: UInt64, previous: Digest) {
        self.sequence = sequence
        self.previous = previous
    }
}
