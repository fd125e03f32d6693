/// AES-256 in Galois/Counter Mode, the cipher that browsers have.
///
/// A nonce must never be used twice with one key.
public enum AESGCM {
    /// Seals bytes.
    ///
    /// - Parameters:
    ///   - plaintext: What shall stay unseen.
    ///   - key: The 32 bytes that seal and open.
    ///   - nonce: 12 bytes that this key has not seen.
    ///   - associated: Bytes that are not sealed, but without which nothing opens.
    /// - Returns: As many bytes as the plaintext has, then a tag of 16.
    /// - Throws: `wrongLength` or `tooLong`, where the inputs do not fit the cipher.
    public static func seal(
        _ plaintext: [UInt8],
        key: borrowing SecretBytes,
        nonce: [UInt8],
        authenticating associated: [UInt8]
    ) throws(CryptoFailure) -> [UInt8] {
        try SealingCipher.aes256GCM.seal(plaintext, key: key, nonce: nonce, associated: associated)
    }

    /// Seals bytes with a key that lies open.
    public static func seal(
        _ plaintext: [UInt8],
        key: [UInt8],
        nonce: [UInt8],
        authenticating associated: [UInt8]
    ) throws(CryptoFailure) -> [UInt8] {
        try seal(
            plaintext,
            key: SecretBytes(copying: key),
            nonce: nonce,
            authenticating: associated
        )
    }

    /// Opens what `seal` made.
    ///
    /// - Throws: `notAuthentic` where the bytes, key, nonce or associated bytes are not those of
    ///   the sealing.
    public static func open(
        _ sealed: [UInt8],
        key: borrowing SecretBytes,
        nonce: [UInt8],
        authenticating associated: [UInt8]
    ) throws(CryptoFailure) -> [UInt8] {
        try SealingCipher.aes256GCM.open(sealed, key: key, nonce: nonce, associated: associated)
    }

    /// Opens what `seal` made with a key that lies open.
    public static func open(
        _ sealed: [UInt8],
        key: [UInt8],
        nonce: [UInt8],
        authenticating associated: [UInt8]
    ) throws(CryptoFailure) -> [UInt8] {
        try open(
            sealed,
            key: SecretBytes(copying: key),
            nonce: nonce,
            authenticating: associated
        )
    }
}
