public import PhiCrypto
public import PhiLedger

/// What a host decides about a meeting before it is opened.
public struct MeetingPlan: Hashable, Sendable {
    /// The title.
    public let title: String
    /// Who can read.
    public let reading: ReadingPolicy
    /// Who can write.
    public let writing: WritingPolicy
    /// Blocks after which the meeting closes by itself; 0 is never.
    public let lifetime: UInt32
    /// The secret of the link: needed for a private meeting and for writing by link, else nil.
    public let secret: MeetingSecret?

    /// A plan of given parts.
    public init(
        title: String,
        reading: ReadingPolicy,
        writing: WritingPolicy,
        lifetime: UInt32 = 0,
        secret: MeetingSecret?
    ) {
        self.title = title
        self.reading = reading
        self.writing = writing
        self.lifetime = lifetime
        self.secret = secret
    }

    /// Whether the meeting needs a secret.
    public static func needsSecret(reading: ReadingPolicy, writing: WritingPolicy) -> Bool {
        reading == .secretHolders || writing == .link
    }

    /// The payload of the `open`.
    ///
    /// - Parameters:
    ///   - salt: 16 random bytes, those that the host's key was derived with.
    ///   - host: The host's key.
    ///   - sequence: The number of the `open` among the host's.
    /// - Returns: The terms.
    /// - Throws: What contradicts itself in the plan, or cannot be sealed.
    public func terms(
        salt: [UInt8],
        host: VerifyingKey,
        sequence: UInt64
    ) throws(EntryBuilderFailure) -> MeetingTerms {
        let needsSecret = Self.needsSecret(reading: reading, writing: writing)
        guard secret != nil || !needsSecret else { throw .secretMissing }
        guard secret == nil || needsSecret else { throw .secretNotNeeded }
        let isPrivate = reading == .secretHolders
        let sealedTitle: [UInt8]
        do {
            sealedTitle = try MeetingTitle.encode(
                title,
                sealedWith: isPrivate ? secret : nil,
                salt: salt,
                author: host,
                sequence: sequence
            )
        } catch { throw .sealing(error) }
        return MeetingTerms(
            salt: salt,
            reading: reading,
            writing: writing,
            linkKey: writing == .link ? try linkKey() : .zero,
            readCheck: isPrivate ? secret?.readCheck ?? .zero : .zero,
            lifetime: lifetime,
            title: sealedTitle
        )
    }

    private func linkKey() throws(EntryBuilderFailure) -> VerifyingKey {
        guard let secret else { throw .secretMissing }
        do { return try secret.linkKey().verifyingKey } catch { throw .crypto(error) }
    }
}

/// What a `revoke` changes.
public struct MeetingChange: Hashable, Sendable {
    /// The authors to shut out.
    public let revoked: [VerifyingKey]
    /// The link key from now on; zero admits nobody more.
    public let linkKey: VerifyingKey
    /// The read check of the new epoch; zero starts none.
    public let readCheck: Digest

    /// A change of given parts.
    ///
    /// - Parameters:
    ///   - revoked: The authors to shut out.
    ///   - linkKey: The link key from now on: the one in force to leave the link as it is, zero
    ///     where the link shall admit nobody more or writing is not by link.
    ///   - readCheck: The read check of the new epoch; zero starts none.
    public init(revoked: [VerifyingKey], linkKey: VerifyingKey, readCheck: Digest) {
        self.revoked = revoked
        self.linkKey = linkKey
        self.readCheck = readCheck
    }

    /// A change to a new secret, which becomes the link's.
    ///
    /// - Parameters:
    ///   - revoked: The authors to shut out.
    ///   - secret: The fresh secret.
    ///   - terms: The terms of the meeting, which say what the secret is needed for.
    /// - Throws: The failure of the library.
    public init(
        revoked: [VerifyingKey],
        renewing secret: MeetingSecret,
        terms: MeetingTerms
    ) throws(CryptoFailure) {
        self.init(
            revoked: revoked,
            linkKey: terms.writing == .link ? try secret.linkKey().verifyingKey : .zero,
            readCheck: terms.reading == .secretHolders ? secret.readCheck : .zero
        )
    }
}
