import COpenSSL

/// The owner of one key agreement context of libcrypto.
@safe struct LibraryKeyContext: ~Copyable {
    let handle: OpaquePointer

    init(for key: borrowing LibraryKey) throws(CryptoFailure) {
        guard let made = unsafe EVP_PKEY_CTX_new(key.handle, nil) else { throw .libraryFailed }
        unsafe handle = made
    }

    deinit {
        unsafe EVP_PKEY_CTX_free(handle)
    }
}
