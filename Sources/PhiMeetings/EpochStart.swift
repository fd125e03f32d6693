public import PhiCrypto
import PhiLedger

/// An author, and the key to which secrets are sealed for them.
public struct EpochMember: Hashable, Sendable {
    /// The author's key in the meeting.
    public let author: VerifyingKey
    /// The key of the author's `join`; zero wants no new epochs.
    public let agreementKey: AgreementPublicKey

    /// A member of given keys.
    public init(author: VerifyingKey, agreementKey: AgreementPublicKey) {
        self.author = author
        self.agreementKey = agreementKey
    }
}

/// The messages with which a host starts an epoch.
public struct EpochStart: Sendable {
    /// For members: each is to be sealed under the old epoch.
    public let deliveries: [EpochDelivery]
    /// For newcomers, who hold only the new secret: to be sealed under the new epoch.
    ///
    /// It has no blobs, only the way back to the epoch before. It is nil when the host keeps the
    /// earlier history from newcomers.
    public let bridge: EpochDelivery?
    /// Members that cannot be served, because their agreement key is zero or leads to no secret.
    public let unreachable: [VerifyingKey]

    /// Seals the secret of a new epoch for each member.
    ///
    /// - Parameters:
    ///   - epoch: The new epoch, 1 at least, and its secret.
    ///   - previous: The secret of the epoch before; nil keeps earlier history from newcomers.
    ///   - meeting: The meeting.
    ///   - members: Those who shall go on reading.
    ///   - freshSeed: Gives 32 random bytes at each call.
    /// - Throws: The failure of the library.
    public init(
        of epoch: EpochSecret,
        after previous: MeetingSecret?,
        meeting: Digest,
        for members: [EpochMember],
        freshSeed: () -> [UInt8]
    ) throws(EpochFailure) {
        precondition(epoch.number > 0, "the first epoch comes with the link")
        var blobs: [EpochDelivery.Blob] = []
        var unreachable: [VerifyingKey] = []
        let back = try Self.seal(previous, with: epoch, meeting: meeting)
        for member in members {
            do {
                blobs.append(
                    try Self.blob(for: member, of: epoch, meeting: meeting, seed: freshSeed())
                )
            } catch .lowOrderPoint {
                unreachable.append(member.author)
            } catch { throw .crypto(error) }
        }
        deliveries = stride(from: 0, to: blobs.count, by: EpochDelivery.blobLimit).map { start in
            let end = min(start + EpochDelivery.blobLimit, blobs.count)
            return EpochDelivery(
                epoch: epoch.number,
                previous: back,
                blobs: Array(blobs[start..<end])
            )
        }
        bridge =
            previous == nil
            ? nil : EpochDelivery(epoch: epoch.number, previous: back, blobs: [])
        self.unreachable = unreachable
    }

    private static func seal(
        _ previous: MeetingSecret?,
        with epoch: EpochSecret,
        meeting: Digest
    ) throws(EpochFailure) -> [UInt8] {
        guard let previous else {
            return [UInt8](repeating: 0, count: EpochDelivery.previousByteCount)
        }
        do {
            return try AESGCM.seal(
                previous.exposed(),
                key: EpochDelivery.previousKey(
                    epoch.secret,
                    meeting: meeting,
                    epoch: epoch.number
                ),
                nonce: Label.nonce,
                authenticating: []
            )
        } catch { throw .crypto(error) }
    }

    private static func blob(
        for member: EpochMember,
        of epoch: EpochSecret,
        meeting: Digest,
        seed: [UInt8]
    ) throws(CryptoFailure) -> EpochDelivery.Blob {
        guard !member.agreementKey.isZero else { throw .lowOrderPoint }
        let ephemeral = try AgreementKey(seed: seed)
        let shared = try ephemeral.sharedSecret(with: member.agreementKey)
        let key = try EpochDelivery.blobKey(
            shared: shared,
            ephemeral: ephemeral.publicKey,
            member: member,
            meeting: meeting,
            epoch: epoch.number
        )
        let sealed = try AESGCM.seal(
            epoch.secret.exposed(),
            key: key,
            nonce: Label.nonce,
            authenticating: []
        )
        return EpochDelivery.Blob(
            author: member.author,
            ephemeral: ephemeral.publicKey,
            sealed: sealed
        )
    }
}
