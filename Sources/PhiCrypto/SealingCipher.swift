import COpenSSL

/// The authenticated ciphers, which differ in their name alone.
enum SealingCipher {
    /// AES with 256-bit keys in Galois/counter mode.
    case aes256GCM
    /// ChaCha20 with the Poly1305 authenticator (RFC 8439).
    case chaCha20Poly1305

    static let keyByteCount = 32
    static let nonceByteCount = 12
    static let tagByteCount = 16
    /// The library counts bytes in 32 bits; the tag goes behind the text.
    static let textByteLimit = Int(Int32.max) - tagByteCount

    func seal(
        _ plaintext: [UInt8],
        key: borrowing SecretBytes,
        nonce: [UInt8],
        associated: [UInt8]
    ) throws(CryptoFailure) -> [UInt8] {
        try Self.check(text: plaintext.count, key: key.count, nonce: nonce, associated: associated)
        let context = try LibraryCipherContext()
        try context.start(self, .seal, key: key, nonce: nonce)
        try context.authenticate(associated)
        var sealed = [UInt8](repeating: 0, count: plaintext.count + Self.tagByteCount)
        try context.transform(plaintext, count: plaintext.count, into: &sealed)
        guard context.finish() else { throw .libraryFailed }
        try context.readTag(into: &sealed, at: plaintext.count)
        return sealed
    }

    func open(
        _ sealed: [UInt8],
        key: borrowing SecretBytes,
        nonce: [UInt8],
        associated: [UInt8]
    ) throws(CryptoFailure) -> [UInt8] {
        let count = sealed.count - Self.tagByteCount
        guard count >= 0 else { throw .notAuthentic }
        try Self.check(text: count, key: key.count, nonce: nonce, associated: associated)
        let context = try LibraryCipherContext()
        try context.start(self, .open, key: key, nonce: nonce)
        try context.authenticate(associated)
        var plaintext = [UInt8](repeating: 0, count: count)
        try context.transform(sealed, count: count, into: &plaintext)
        try context.expectTag(Array(sealed[count...]))
        guard context.finish() else {
            unsafe plaintext.withUnsafeMutableBytes {
                unsafe OPENSSL_cleanse($0.baseAddress, $0.count)
            }
            throw .notAuthentic
        }
        return plaintext
    }

    private static func check(
        text: Int,
        key: Int,
        nonce: [UInt8],
        associated: [UInt8]
    ) throws(CryptoFailure) {
        guard key == keyByteCount else { throw .wrongLength(required: keyByteCount, found: key) }
        guard nonce.count == nonceByteCount else {
            throw .wrongLength(required: nonceByteCount, found: nonce.count)
        }
        for count in [text, associated.count] where count > textByteLimit {
            throw .tooLong(limit: textByteLimit, found: count)
        }
    }
}
