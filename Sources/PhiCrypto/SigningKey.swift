import COpenSSL

/// The private half of an Ed25519 key.
public struct SigningKey: ~Copyable {
    /// The public half.
    public let verifyingKey: VerifyingKey
    private let key: LibraryKey

    /// Derives the key from a seed of 32 bytes.
    public init(seed: borrowing SecretBytes) throws(CryptoFailure) {
        let key = try LibraryKey(.ed25519, seed: seed)
        verifyingKey = VerifyingKey(words: try key.publicWords())
        self.key = key
    }

    /// Derives the key from a seed of 32 bytes.
    public init(seed: [UInt8]) throws(CryptoFailure) {
        try self.init(seed: SecretBytes(copying: seed))
    }

    /// Signs a message, always with the same signature for the same message.
    public borrowing func sign(_ message: [UInt8]) throws(CryptoFailure) -> Signature {
        let context = try LibraryDigestContext()
        let started = unsafe EVP_DigestSignInit(context.handle, nil, nil, nil, key.handle)
        guard started == 1 else { throw .libraryFailed }
        var bytes = [UInt8](repeating: 0, count: Signature.byteCount)
        var count = bytes.count
        let signed = unsafe EVP_DigestSign(
            context.handle,
            &bytes,
            &count,
            message,
            message.count
        )
        guard signed == 1, count == Signature.byteCount else { throw .libraryFailed }
        return Signature(reading: bytes, at: 0)
    }
}
