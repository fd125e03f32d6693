public import PhiCrypto
public import PhiLedger

/// Who is handed the secret of the next epoch of a private meeting.
///
/// The chain lets strangers join where anyone may write, so a `join` alone says nothing. A key
/// belongs to the circle when the chain shows that its owner has the secret in force, or that the
/// host let it in:
/// - the host's own messages handed it the secret of the epoch in force, or
/// - its `join` is signed by the link key of the secret in force, or
/// - a message of its own opens under the secret in force, or
/// - the host named it in an `admit`.
///
/// Each of these is signed, so a node that lies cannot bring anybody in.
public struct EpochCircle: Sendable {
    private let meeting: Digest
    private let host: VerifyingKey
    private let epochs: Epochs
    private let epoch: EpochSecret
    /// The key that admits by the secret in force, where writing is by link.
    private let linkKey: VerifyingKey?
    private var agreementKeys: [VerifyingKey: AgreementPublicKey] = [:]
    private var insiders: Set<VerifyingKey> = []
    private var revoked: Set<VerifyingKey> = []

    /// The circle of a meeting whose present secret is known; nil where it is not.
    ///
    /// - Parameters:
    ///   - terms: The meeting's terms.
    ///   - host: The host's key.
    ///   - epochs: The epochs; the newest of them is the one in force.
    public init?(terms: MeetingTerms, host: VerifyingKey, epochs: Epochs) {
        guard let epoch = epochs.currentSecret else { return nil }
        self.init(terms: terms, host: host, epochs: epochs, in: epoch)
    }

    /// The circle of an epoch that is named.
    public init(terms: MeetingTerms, host: VerifyingKey, epochs: Epochs, in epoch: EpochSecret) {
        meeting = epochs.meeting
        self.host = host
        self.epochs = epochs
        self.epoch = epoch
        linkKey = terms.writing == .link ? try? epoch.secret.linkKey().verifyingKey : nil
    }

    /// Takes in an entry of the meeting whose signature was checked.
    public mutating func take(_ entry: Entry) {
        switch entry.kind {
        case .join: takeJoin(entry)
        case .admit where entry.author == host:
            guard let list = try? AdmitList(decoding: entry.payload) else { return }
            insiders.formUnion(list.keys)
        case .revoke where entry.author == host:
            guard let change = try? Revocation(decoding: entry.payload) else { return }
            revoked.formUnion(change.keys)
        case .message: takeMessage(entry)
        default: return
        }
    }

    /// Shuts authors out.
    public mutating func revoke(_ keys: [VerifyingKey]) { revoked.formUnion(keys) }

    /// Whether a key belongs to the circle.
    public func contains(_ author: VerifyingKey) -> Bool {
        insiders.contains(author) && !revoked.contains(author)
    }

    /// Those who are handed the next secret, in the order of their keys.
    public var members: [EpochMember] {
        joined.filter(contains).compactMap { author in
            agreementKeys[author].map { EpochMember(author: author, agreementKey: $0) }
        }
    }

    /// Those who joined and are not shut out, and of whom nothing shows that they have the secret.
    public var strangers: [VerifyingKey] {
        joined.filter { !insiders.contains($0) && !revoked.contains($0) }
    }

    private var joined: [VerifyingKey] { agreementKeys.keys.sorted().filter { $0 != host } }

    private mutating func takeJoin(_ entry: Entry) {
        guard let admission = try? Admission(decoding: entry.payload) else { return }
        agreementKeys[entry.author] = admission.agreementKey
        guard let linkKey else { return }
        let message = Admission.message(meeting: meeting, author: entry.author)
        if linkKey.isValid(admission.signature, of: message) { insiders.insert(entry.author) }
    }

    private mutating func takeMessage(_ entry: Entry) {
        guard let sealed = try? SealedContent(decoding: entry.payload) else { return }
        guard entry.author == host else {
            guard sealed.epoch == epoch.number, !insiders.contains(entry.author),
                (try? sealed.open(with: epoch.secret, at: MessagePlace(of: entry))) != nil
            else { return }
            insiders.insert(entry.author)
            return
        }
        guard let secret = epochs.secret(of: sealed.epoch),
            case .epoch(let delivery)? = try? sealed.open(with: secret, at: MessagePlace(of: entry)),
            delivery.epoch == epoch.number
        else { return }
        insiders.formUnion(delivery.blobs.map(\.author))
    }
}
