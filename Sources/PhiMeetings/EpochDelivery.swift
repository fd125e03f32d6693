public import PhiCrypto
import PhiLedger

/// The body of a message of type 7: the host hands out the secret of a new epoch.
public struct EpochDelivery: Hashable, Sendable {
    /// Members that one message serves at most, so that it fits a payload once padded.
    public static let blobLimit = 256
    /// Bytes of the sealed secret of the epoch before.
    public static let previousByteCount = MeetingSecret.byteCount + SealedContent.tagByteCount

    /// The secret, sealed for one member.
    public struct Blob: Hashable, Sendable {
        static let byteCount = 112
        /// The member.
        public let author: VerifyingKey
        /// The key that was made for this blob alone.
        public let ephemeral: AgreementPublicKey
        /// The sealed secret and its tag.
        public let sealed: [UInt8]
    }

    /// The number of the new epoch, 1 at least.
    public let epoch: UInt16
    /// The secret of the epoch before, sealed with the new one; zeros keep it from newcomers.
    public let previous: [UInt8]
    /// One blob for each member served.
    public let blobs: [Blob]

    init(epoch: UInt16, previous: [UInt8], blobs: [Blob]) {
        self.epoch = epoch
        self.previous = previous
        self.blobs = blobs
    }

    init(from reader: inout ByteReader) throws(ContentFailure) {
        do throws(DecodingFailure) {
            epoch = try reader.integer("epoch")
            guard epoch > 0 else { throw .zero(field: "epoch") }
            previous = try reader.take(Self.previousByteCount, "previous")
            let count = try reader.integer("blob count", atMost: UInt16(Self.blobLimit))
            guard reader.remaining == Int(count) * Blob.byteCount else {
                throw .mismatch(
                    field: "blobs",
                    expected: UInt64(count) * UInt64(Blob.byteCount),
                    found: UInt64(reader.remaining)
                )
            }
            var blobs: [Blob] = []
            for _ in 0..<count {
                blobs.append(
                    Blob(
                        author: try reader.fixed("author"),
                        ephemeral: try reader.fixed("ephemeral key"),
                        sealed: try reader.take(Self.previousByteCount, "sealed secret")
                    )
                )
            }
            self.blobs = blobs
        } catch { throw .layout(error) }
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: epoch)
        bytes.append(contentsOf: previous)
        bytes.append(littleEndian: UInt16(blobs.count))
        for blob in blobs {
            blob.author.append(to: &bytes)
            blob.ephemeral.append(to: &bytes)
            bytes.append(contentsOf: blob.sealed)
        }
    }
}

extension EpochDelivery {
    /// The new secret, as the blobs carry it for one author.
    ///
    /// - Parameters:
    ///   - author: The author's key in the meeting.
    ///   - key: The agreement key that the author's `join` named.
    ///   - meeting: The meeting.
    ///   - readCheck: The hash that the `revoke` of this epoch named.
    /// - Returns: The secret of the new epoch.
    /// - Throws: Why the delivery brings no secret.
    public func secret(
        for author: VerifyingKey,
        key: borrowing AgreementKey,
        meeting: Digest,
        readCheck: Digest
    ) throws(EpochFailure) -> MeetingSecret {
        guard let blob = blobs.first(where: { $0.author == author }) else { throw .noBlob }
        let bytes: [UInt8]
        do {
            let shared = try key.sharedSecret(with: blob.ephemeral)
            let sealing = try Self.blobKey(
                shared: shared,
                ephemeral: blob.ephemeral,
                member: EpochMember(author: author, agreementKey: key.publicKey),
                meeting: meeting,
                epoch: epoch
            )
            bytes = try AESGCM.open(
                blob.sealed,
                key: sealing,
                nonce: Label.nonce,
                authenticating: []
            )
        } catch { throw .crypto(error) }
        return try Self.checked(bytes, against: readCheck)
    }

    /// The secret of the epoch before, or nil when the host keeps it from newcomers.
    ///
    /// - Parameters:
    ///   - secret: The secret of this epoch.
    ///   - meeting: The meeting.
    ///   - readCheck: The hash that the chain named for the epoch before.
    /// - Returns: The secret, or nil.
    /// - Throws: Why the delivery brings no secret.
    public func previousSecret(
        with secret: MeetingSecret,
        meeting: Digest,
        readCheck: Digest
    ) throws(EpochFailure) -> MeetingSecret? {
        guard previous.contains(where: { $0 != 0 }) else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try AESGCM.open(
                previous,
                key: Self.previousKey(secret, meeting: meeting, epoch: epoch),
                nonce: Label.nonce,
                authenticating: []
            )
        } catch { throw .crypto(error) }
        return try Self.checked(bytes, against: readCheck)
    }

    private static func checked(
        _ bytes: [UInt8],
        against readCheck: Digest
    ) throws(EpochFailure) -> MeetingSecret {
        guard let secret = MeetingSecret(bytes), secret.readCheck == readCheck else {
            throw .otherReadCheck(expected: readCheck)
        }
        return secret
    }

    static func previousKey(
        _ secret: MeetingSecret,
        meeting: Digest,
        epoch: UInt16
    ) throws(CryptoFailure) -> SecretBytes {
        var info = Label.previousSecret + meeting.bytes
        info.append(littleEndian: epoch)
        return try secret.derive(info)
    }

    static func blobKey(
        shared: borrowing SecretBytes,
        ephemeral: AgreementPublicKey,
        member: EpochMember,
        meeting: Digest,
        epoch: UInt16
    ) throws(CryptoFailure) -> SecretBytes {
        var info = Label.rekey + meeting.bytes + member.author.bytes
        info.append(littleEndian: epoch)
        return try KeyDerivation.hkdf(
            secret: shared,
            salt: ephemeral.bytes + member.agreementKey.bytes,
            info: info
        )
    }
}

/// Why a delivery brings no secret.
public enum EpochFailure: Error, Equatable, Sendable {
    /// No blob is for this author.
    case noBlob
    /// The secret is not the one that the chain binds all members to.
    case otherReadCheck(expected: Digest)
    /// The chain has not started this epoch.
    case notAnnounced(epoch: UInt16)
    /// The chain names no epoch whose secret this is.
    case unknownSecret
    /// No number is left for another epoch.
    case tooManyEpochs(limit: Int)
    /// A blob was broken or made for others, a key leads to no secret, or the library failed.
    case crypto(CryptoFailure)
}
