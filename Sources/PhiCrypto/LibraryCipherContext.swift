import COpenSSL

/// The owner of one cipher context of libcrypto, good for one message.
///
/// The steps are to be taken in order: start, associated bytes, text, (tag to expect,) finish, (tag).
@safe struct LibraryCipherContext: ~Copyable {
    enum Direction: Int32 {
        /// From sealed to plain.
        case open = 0
        /// From plain to sealed.
        case seal = 1
    }

    private let handle: OpaquePointer

    init() throws(CryptoFailure) {
        guard let made = unsafe EVP_CIPHER_CTX_new() else { throw .libraryFailed }
        unsafe handle = made
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(handle)
    }

    borrowing func start(
        _ cipher: SealingCipher,
        _ direction: Direction,
        key: borrowing SecretBytes,
        nonce: [UInt8]
    ) throws(CryptoFailure) {
        let algorithm =
            switch cipher {
            case .aes256GCM: unsafe EVP_aes_256_gcm()
            case .chaCha20Poly1305: unsafe EVP_chacha20_poly1305()
            }
        let status = unsafe key.withPointer { bytes in
            unsafe EVP_CipherInit_ex(
                handle,
                algorithm,
                nil,
                bytes.baseAddress,
                nonce,
                direction.rawValue
            )
        }
        guard status == 1 else { throw .libraryFailed }
    }

    borrowing func authenticate(_ associated: [UInt8]) throws(CryptoFailure) {
        guard !associated.isEmpty else { return }
        var written: Int32 = 0
        let status = unsafe EVP_CipherUpdate(
            handle,
            nil,
            &written,
            associated,
            Int32(associated.count)
        )
        guard status == 1 else { throw .libraryFailed }
    }

    /// Seals or opens the first `count` bytes of the input into the beginning of the output.
    borrowing func transform(
        _ input: [UInt8],
        count: Int,
        into output: inout [UInt8]
    ) throws(CryptoFailure) {
        precondition(count <= input.count && count <= output.count, "both arrays hold the text")
        guard count > 0 else { return }
        var written: Int32 = 0
        let status = unsafe EVP_CipherUpdate(handle, &output, &written, input, Int32(count))
        guard status == 1, Int(written) == count else { throw .libraryFailed }
    }

    borrowing func expectTag(_ tag: [UInt8]) throws(CryptoFailure) {
        var copy = tag
        let status = unsafe EVP_CIPHER_CTX_ctrl(
            handle,
            EVP_CTRL_AEAD_SET_TAG,
            Int32(copy.count),
            &copy
        )
        guard status == 1 else { throw .libraryFailed }
    }

    borrowing func readTag(into output: inout [UInt8], at offset: Int) throws(CryptoFailure) {
        var tag = [UInt8](repeating: 0, count: SealingCipher.tagByteCount)
        let status = unsafe EVP_CIPHER_CTX_ctrl(
            handle,
            EVP_CTRL_AEAD_GET_TAG,
            Int32(tag.count),
            &tag
        )
        guard status == 1 else { throw .libraryFailed }
        output.replaceSubrange(offset..<(offset + tag.count), with: tag)
    }

    /// Ends the message; false where the tag is not the expected one.
    borrowing func finish() -> Bool {
        // Both ciphers write nothing at the end, yet the library wants a place for it.
        var rest = [UInt8](repeating: 0, count: SealingCipher.tagByteCount)
        var written: Int32 = 0
        guard unsafe EVP_CipherFinal_ex(handle, &rest, &written) == 1 else {
            ERR_clear_error()
            return false
        }
        return true
    }
}
