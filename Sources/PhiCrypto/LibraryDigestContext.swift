import COpenSSL

/// The owner of one signing or verifying context of libcrypto, good for one call.
///
/// A context that is used again without a reset keeps its first key, and so would accept one
/// author's signature under another's key; and a later libcrypto may refuse a used one. That is
/// why a context that is kept is never used, only copied.
@safe struct LibraryDigestContext: ~Copyable {
    let handle: OpaquePointer

    init() throws(CryptoFailure) {
        guard let made = unsafe EVP_MD_CTX_new() else { throw .libraryFailed }
        unsafe handle = made
    }

    deinit {
        unsafe EVP_MD_CTX_free(handle)
    }

    /// A context that is ready to verify under a key.
    static func verifying(_ key: borrowing LibraryKey) throws(CryptoFailure) -> Self {
        let made = try Self()
        guard unsafe EVP_DigestVerifyInit(made.handle, nil, nil, nil, key.handle) == 1 else {
            throw .libraryFailed
        }
        return made
    }

    /// A context of its own that is as ready as this one.
    borrowing func copy() throws(CryptoFailure) -> Self {
        let copy = try Self()
        guard unsafe EVP_MD_CTX_copy_ex(copy.handle, handle) == 1 else { throw .libraryFailed }
        return copy
    }
}
