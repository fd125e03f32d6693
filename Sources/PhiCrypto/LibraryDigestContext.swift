import COpenSSL

/// The owner of one signing or verifying context of libcrypto, good for one call.
///
/// A context that is used again without a reset keeps its first key, and so would accept one
/// author's signature under another's key. That is why contexts are never kept.
@safe struct LibraryDigestContext: ~Copyable {
    let handle: OpaquePointer

    init() throws(CryptoFailure) {
        guard let made = unsafe EVP_MD_CTX_new() else { throw .libraryFailed }
        unsafe handle = made
    }

    deinit {
        unsafe EVP_MD_CTX_free(handle)
    }
}
