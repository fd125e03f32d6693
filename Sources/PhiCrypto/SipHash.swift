import COpenSSL

/// SipHash-2-4 with a result of 64 bits: a short hash that nobody steers without its key.
///
/// It is libcrypto's, with one context for as many hashes as are wanted: 32 bytes cost about
/// 110 ns that way, so that a full pool costs about 6 ms.
@safe public struct SipHash: ~Copyable {
    /// Bytes of a key.
    public static let keyByteCount = 16

    private let key: [UInt8]
    private let context: OpaquePointer

    /// The hash function of a key.
    ///
    /// - Throws: `wrongLength` where the key has not 16 bytes.
    public init(key: [UInt8]) throws(CryptoFailure) {
        guard key.count == Self.keyByteCount else {
            throw .wrongLength(required: Self.keyByteCount, found: key.count)
        }
        guard let method = unsafe EVP_MAC_fetch(nil, "SIPHASH", nil) else {
            throw Self.libraryFailure()
        }
        let made = unsafe EVP_MAC_CTX_new(method)
        // The context holds the method on its own.
        unsafe EVP_MAC_free(method)
        guard let made = unsafe made else { throw Self.libraryFailure() }
        guard unsafe Self.limitResult(of: made) else {
            unsafe EVP_MAC_CTX_free(made)
            throw Self.libraryFailure()
        }
        self.key = key
        unsafe context = made
    }

    deinit {
        unsafe EVP_MAC_CTX_free(context)
    }

    /// Has a context give 8 bytes; it would give 16.
    private static func limitResult(of context: OpaquePointer) -> Bool {
        var size = MemoryLayout<UInt64>.size
        return unsafe withUnsafeMutablePointer(to: &size) { size in
            let parameters = unsafe [
                OSSL_PARAM_construct_size_t("size", size), OSSL_PARAM_construct_end(),
            ]
            return unsafe EVP_MAC_CTX_set_params(context, parameters) == 1
        }
    }

    private static func libraryFailure() -> CryptoFailure {
        ERR_clear_error()
        return .libraryFailed
    }

    /// The hash of some bytes.
    public mutating func hash(_ bytes: [UInt8]) throws(CryptoFailure) -> UInt64 {
        let result = unsafe bytes.withUnsafeBytes { unsafe finish($0) }
        guard let result else { throw Self.libraryFailure() }
        return result
    }

    /// The hash of the 32 bytes of a value.
    public mutating func hash(_ value: some FixedBytes32) throws(CryptoFailure) -> UInt64 {
        let result = unsafe withUnsafeBytes(of: value.words) { unsafe finish($0) }
        guard let result else { throw Self.libraryFailure() }
        return result
    }

    private func finish(_ input: UnsafeRawBufferPointer) -> UInt64? {
        var result: UInt64 = 0
        var count = 0
        let isDone = unsafe withUnsafeMutableBytes(of: &result) { target in
            let start = unsafe input.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let place = unsafe target.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return unsafe EVP_MAC_init(context, key, key.count, nil) == 1
                && EVP_MAC_update(context, start, input.count) == 1
                && EVP_MAC_final(context, place, &count, target.count) == 1
        }
        guard isDone, count == MemoryLayout<UInt64>.size else { return nil }
        return UInt64(littleEndian: result)
    }
}
