import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings

/// The epochs of a private meeting as the host's entries tell them, read on from where the last
/// look ended.
struct EpochWalk: Sendable {
    /// Who reads, and with what.
    struct Reader: ~Copyable {
        /// The secrets held.
        let secrets: [MeetingSecret]
        /// The reader's key in the meeting.
        let author: VerifyingKey
        /// The key to which secrets of later epochs are sealed.
        let agreement: AgreementKey
    }

    /// The epochs so far.
    private(set) var epochs: Epochs
    /// Members to whom the present epoch's secret was delivered.
    private(set) var served: Set<VerifyingKey> = []
    /// Whether newcomers can find the way back to the epoch before.
    private(set) var hasBridge = false
    /// Where the present epoch starts; nil for the first, and while its `revoke` waits.
    private(set) var start: Position?
    /// Whether nobody is left whom the host should serve.
    var isDelivered = false

    private var secrets: [MeetingSecret] = []
    private var last: (position: Position, id: Digest)?

    /// A walk that has not gone anywhere.
    init(_ view: MeetingView) {
        epochs = Epochs(meeting: view.id, readCheck: view.terms.readCheck)
    }

    /// Reads the host's recorded entries that were not read yet.
    ///
    /// After a reorganization it reads all again, and so it does with a new secret, which may open
    /// what was closed before.
    mutating func advance(
        _ view: MeetingView,
        _ reader: borrowing Reader
    ) throws(StoreFailure) {
        if let last, try view.chain.entry(at: last.position)?.id != last.id {
            self = EpochWalk(view)
        }
        if secrets != reader.secrets {
            self = EpochWalk(view)
            secrets = reader.secrets
            learn(secrets)
        }
        var query = HistoryQuery(
            .authorInMeeting(view.host, view.id),
            cursor: last.map { PositionCursor($0.position) },
            count: HistoryQuery.limit
        )
        repeat {
            let page = try view.chain.history(query)
            for recorded in page.entries {
                take(recorded.entry, at: recorded.position, reader)
                last = (recorded.position, recorded.id)
            }
            query.cursor = page.next
        } while query.cursor != nil
    }

    /// Takes in one entry of the host.
    mutating func take(_ entry: Entry, at position: Position?, _ reader: borrowing Reader) {
        switch entry.kind {
        case .revoke:
            guard let revocation = try? Revocation(decoding: entry.payload),
                !revocation.readCheck.isZero,
                (try? epochs.announce(revocation.readCheck)) != nil
            else { return }
            served = []
            hasBridge = false
            isDelivered = false
            start = position
            learn(reader.secrets)
        case .message:
            guard let delivery = delivery(in: entry) else { return }
            served.formUnion(delivery.blobs.map(\.author))
            if delivery.blobs.isEmpty { hasBridge = true }
            // A host hands secrets to others, so most deliveries hold nothing for this reader.
            try? epochs.learn(delivery, author: reader.author, key: reader.agreement)
        default: return
        }
    }

    /// The delivery of the present epoch that a message holds, where it can be opened.
    private func delivery(in entry: Entry) -> EpochDelivery? {
        guard epochs.current > 0,
            let sealed = try? SealedContent(decoding: entry.payload),
            let secret = epochs.secret(of: sealed.epoch),
            case .epoch(let delivery)? = try? sealed.open(
                with: secret,
                at: MessagePlace(of: entry)
            ),
            delivery.epoch == epochs.current
        else { return nil }
        return delivery
    }

    private mutating func learn(_ secrets: [MeetingSecret]) {
        // A secret may wait here for an epoch that the chain has not announced.
        for secret in secrets { _ = try? epochs.learn(secret) }
    }
}
