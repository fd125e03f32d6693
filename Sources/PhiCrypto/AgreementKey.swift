import COpenSSL

/// The private half of an X25519 key.
public struct AgreementKey: ~Copyable {
    /// The public half.
    public let publicKey: AgreementPublicKey
    private let key: LibraryKey

    /// Derives the key from a seed of 32 bytes.
    public init(seed: borrowing SecretBytes) throws(CryptoFailure) {
        let key = try LibraryKey(.x25519, seed: seed)
        publicKey = AgreementPublicKey(words: try key.publicWords())
        self.key = key
    }

    /// Derives the key from a seed of 32 bytes.
    public init(seed: [UInt8]) throws(CryptoFailure) {
        try self.init(seed: SecretBytes(copying: seed))
    }

    /// The 32 bytes that only this key and the other one lead to.
    ///
    /// - Throws: `lowOrderPoint` where the other key is a point whose secret is zero for everybody.
    public borrowing func sharedSecret(
        with other: AgreementPublicKey
    ) throws(CryptoFailure) -> SecretBytes {
        let peer = try LibraryKey(.x25519, publicKey: other.words)
        let context = try LibraryKeyContext(for: key)
        guard unsafe EVP_PKEY_derive_init(context.handle) == 1,
            unsafe EVP_PKEY_derive_set_peer(context.handle, peer.handle) == 1
        else { throw .libraryFailed }
        var secret = SecretBytes(zeros: 32)
        var count = secret.count
        let status = unsafe secret.withMutablePointer { target in
            unsafe EVP_PKEY_derive(context.handle, target.baseAddress, &count)
        }
        // The library's only reason to refuse at this point is a secret of zero.
        guard status == 1 else {
            ERR_clear_error()
            throw .lowOrderPoint
        }
        guard count == 32 else { throw .libraryFailed }
        guard !secret.isZero else { throw .lowOrderPoint }
        return secret
    }
}
