public import PhiCrypto
import PhiLedger

/// The keys that one device of a person uses, each in one meeting only.
///
/// All follow from the identity seed, so a backup of the seed and the chain restores them, and
/// nobody without the seed can tell that two of them belong together.
public struct AuthorKeys: ~Copyable {
    /// The number of the device, so that two devices never share a key.
    public let device: UInt32
    private let identity: SecretBytes

    /// The keys of a device from the identity seed.
    public init(identity: consuming SecretBytes, device: UInt32) {
        self.identity = identity
        self.device = device
    }

    /// The seed of a guest's author key in a meeting.
    public borrowing func authorSeed(meeting: Digest) throws(CryptoFailure) -> SecretBytes {
        try seed(Label.author, meeting.bytes)
    }

    /// A guest's author key in a meeting.
    public borrowing func author(meeting: Digest) throws(CryptoFailure) -> SigningKey {
        try SigningKey(seed: authorSeed(meeting: meeting))
    }

    /// The seed of the host's author key, which is needed before the meeting has an id.
    ///
    /// - Parameter salt: The salt of the payload of the `open`.
    /// - Returns: The seed.
    /// - Throws: The failure of the library.
    public borrowing func hostSeed(openSalt salt: [UInt8]) throws(CryptoFailure) -> SecretBytes {
        precondition(salt.count == Entry.saltByteCount, "a salt has its one length")
        return try seed(Label.host, salt)
    }

    /// The host's author key.
    ///
    /// - Parameter salt: The salt of the payload of the `open`.
    /// - Returns: The key.
    /// - Throws: The failure of the library.
    public borrowing func host(openSalt salt: [UInt8]) throws(CryptoFailure) -> SigningKey {
        try SigningKey(seed: hostSeed(openSalt: salt))
    }

    /// The seed of the key to which secrets of later epochs are sealed.
    public borrowing func agreementSeed(meeting: Digest) throws(CryptoFailure) -> SecretBytes {
        try seed(Label.agreement, meeting.bytes)
    }

    /// The key to which secrets of later epochs are sealed.
    public borrowing func agreement(meeting: Digest) throws(CryptoFailure) -> AgreementKey {
        try AgreementKey(seed: agreementSeed(meeting: meeting))
    }

    private borrowing func seed(
        _ label: [UInt8],
        _ place: [UInt8]
    ) throws(CryptoFailure) -> SecretBytes {
        var info = label + place
        info.append(littleEndian: device)
        return try KeyDerivation.hkdf(secret: identity, salt: [], info: info)
    }
}
