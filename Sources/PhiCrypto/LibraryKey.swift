import COpenSSL

/// The owner of one key of libcrypto.
///
/// A key is never changed after it was made, so one value may serve many calls.
@safe struct LibraryKey: ~Copyable {
    /// The algorithms that Phi uses.
    enum Algorithm {
        /// Signatures.
        case ed25519
        /// Key agreement.
        case x25519

        var identifier: Int32 {
            switch self {
            case .ed25519: EVP_PKEY_ED25519
            case .x25519: EVP_PKEY_X25519
            }
        }
    }

    let handle: OpaquePointer

    /// A private key, from a seed of 32 bytes.
    init(_ algorithm: Algorithm, seed: borrowing SecretBytes) throws(CryptoFailure) {
        guard seed.count == 32 else { throw .wrongLength(required: 32, found: seed.count) }
        let made = unsafe seed.withPointer { bytes in
            unsafe EVP_PKEY_new_raw_private_key(
                algorithm.identifier,
                nil,
                bytes.baseAddress,
                bytes.count
            )
        }
        guard let made = unsafe made else { throw .libraryFailed }
        unsafe handle = made
    }

    /// A public key, from its 32 bytes.
    init(_ algorithm: Algorithm, publicKey: FourWords) throws(CryptoFailure) {
        let made = unsafe withUnsafeBytes(of: publicKey) { bytes in
            unsafe EVP_PKEY_new_raw_public_key(
                algorithm.identifier,
                nil,
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                bytes.count
            )
        }
        guard let made = unsafe made else { throw .libraryFailed }
        unsafe handle = made
    }

    deinit {
        unsafe EVP_PKEY_free(handle)
    }

    /// The 32 bytes of the public half.
    borrowing func publicWords() throws(CryptoFailure) -> FourWords {
        var words = FourWords(0, 0, 0, 0)
        var count = 32
        let status = unsafe withUnsafeMutableBytes(of: &words) { bytes in
            unsafe EVP_PKEY_get_raw_public_key(
                handle,
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                &count
            )
        }
        guard status == 1, count == 32 else { throw .libraryFailed }
        return words
    }
}
