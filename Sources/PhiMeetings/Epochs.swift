public import PhiCrypto

/// An epoch and its secret.
public struct EpochSecret: Equatable, Sendable {
    /// The number of the epoch; the `open` starts epoch 0.
    public let number: UInt16
    /// The secret.
    public let secret: MeetingSecret

    /// An epoch of given parts.
    public init(number: UInt16, secret: MeetingSecret) {
        self.number = number
        self.secret = secret
    }
}

/// The epochs of one private meeting: what the chain says of them, and the secrets held.
///
/// The number of an epoch is the number of `revoke` entries with a read check before it, so it
/// follows from the chain and a link need not carry it.
public struct Epochs: Sendable {
    /// Epochs of a meeting at most: as many as a payload can number.
    public static let limit = 1 << 16

    /// The meeting.
    public let meeting: Digest
    private var readChecks: [Digest]
    private var secrets: [MeetingSecret?]

    /// The epochs of a meeting whose terms name a read check.
    public init(meeting: Digest, readCheck: Digest) {
        self.meeting = meeting
        readChecks = [readCheck]
        secrets = [nil]
    }

    /// The number of the newest epoch.
    public var current: UInt16 { UInt16(readChecks.count - 1) }

    /// The newest epoch with its secret, or nil while the secret is not held.
    public var currentSecret: EpochSecret? {
        secret(of: current).map { EpochSecret(number: current, secret: $0) }
    }

    /// The secret of an epoch, or nil where it is not held.
    public func secret(of epoch: UInt16) -> MeetingSecret? {
        Int(epoch) < secrets.count ? secrets[Int(epoch)] : nil
    }

    /// Takes in the read check of a `revoke`; zero starts no epoch.
    public mutating func announce(_ readCheck: Digest) throws(EpochFailure) {
        guard !readCheck.isZero else { return }
        guard readChecks.count < Self.limit else { throw .tooManyEpochs(limit: Self.limit) }
        readChecks.append(readCheck)
        secrets.append(nil)
    }

    /// Takes in a secret, such as a link's, and finds the epoch that the chain binds it to.
    @discardableResult
    public mutating func learn(_ secret: MeetingSecret) throws(EpochFailure) -> UInt16 {
        guard let index = readChecks.lastIndex(of: secret.readCheck) else { throw .unknownSecret }
        secrets[index] = secret
        return UInt16(index)
    }

    /// Takes in the secrets that a delivery holds for one author.
    ///
    /// - Parameters:
    ///   - delivery: The body of the host's message; the caller has checked who wrote it.
    ///   - author: The author's key in the meeting.
    ///   - key: The agreement key that the author's `join` named.
    /// - Throws: Why the delivery brings no secret.
    public mutating func learn(
        _ delivery: EpochDelivery,
        author: VerifyingKey,
        key: borrowing AgreementKey
    ) throws(EpochFailure) {
        let index = try announcedIndex(of: delivery)
        if secrets[index] == nil {
            secrets[index] = try delivery.secret(
                for: author,
                key: key,
                meeting: meeting,
                readCheck: readChecks[index]
            )
        }
        try learnPrevious(delivery)
    }

    /// Takes in the secret of the epoch before, where the delivery's own is held.
    public mutating func learnPrevious(_ delivery: EpochDelivery) throws(EpochFailure) {
        let index = try announcedIndex(of: delivery)
        guard let secret = secrets[index], secrets[index - 1] == nil else { return }
        secrets[index - 1] = try delivery.previousSecret(
            with: secret,
            meeting: meeting,
            readCheck: readChecks[index - 1]
        )
    }

    private func announcedIndex(of delivery: EpochDelivery) throws(EpochFailure) -> Int {
        let index = Int(delivery.epoch)
        guard index > 0, index < readChecks.count else {
            throw .notAnnounced(epoch: delivery.epoch)
        }
        return index
    }
}
