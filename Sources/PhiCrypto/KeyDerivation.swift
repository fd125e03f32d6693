import COpenSSL

/// Keys from other secrets.
public enum KeyDerivation {
    /// A key of 32 bytes from a secret of full strength, by HKDF-SHA256 (RFC 5869).
    public static func hkdf(
        secret: borrowing SecretBytes,
        salt: [UInt8],
        info: [UInt8]
    ) throws(CryptoFailure) -> SecretBytes {
        let extracted = try authenticationCode(of: secret, key: SecretBytes(copying: salt))
        // An output of one block is the first round of the expansion, whose number is 1.
        return try authenticationCode(of: SecretBytes(copying: info + [1]), key: extracted)
    }

    /// A key of 32 bytes from a secret of full strength, by HKDF-SHA256 (RFC 5869).
    ///
    /// For inputs and outputs that are no secrets of this node, such as what a simulation makes.
    public static func hkdf(
        secret: [UInt8],
        salt: [UInt8],
        info: [UInt8]
    ) throws(CryptoFailure) -> [UInt8] {
        try hkdf(secret: SecretBytes(copying: secret), salt: salt, info: info).exposed()
    }

    /// HMAC-SHA256.
    private static func authenticationCode(
        of message: borrowing SecretBytes,
        key: borrowing SecretBytes
    ) throws(CryptoFailure) -> SecretBytes {
        guard key.count <= Int(Int32.max) else {
            throw .tooLong(limit: Int(Int32.max), found: key.count)
        }
        var code = SecretBytes(zeros: 32)
        let made = unsafe message.withPointer { bytes in
            unsafe key.withPointer { key in
                unsafe code.withMutablePointer { target in
                    unsafe HMAC(
                        EVP_sha256(),
                        key.baseAddress,
                        Int32(key.count),
                        bytes.baseAddress,
                        bytes.count,
                        target.baseAddress,
                        nil
                    ) != nil
                }
            }
        }
        guard made else { throw .libraryFailed }
        return code
    }
}
