import COpenSSL

extension KeyDerivation {
    /// The most memory that scrypt may take, in bytes.
    public static let scryptMemoryLimit = 1 << 30

    /// A key of 32 bytes from a passphrase, by scrypt (RFC 7914).
    ///
    /// - Parameters:
    ///   - passphrase: What a human remembers.
    ///   - salt: Bytes that differ for every use.
    ///   - logCost: The logarithm to base two of N, from 1 to 24, and below 16 times the block size.
    ///   - blockSize: The factor r of the memory that is taken, from 1 to 64.
    ///   - parallelism: The factor p of the time that is taken, from 1 to 64.
    /// - Returns: The key.
    /// - Throws: `costOutOfBounds` or `tooMuchMemory`, before any memory is taken.
    public static func scrypt(
        passphrase: [UInt8],
        salt: [UInt8],
        logCost: Int,
        blockSize: Int,
        parallelism: Int
    ) throws(CryptoFailure) -> SecretBytes {
        try check(blockSize, of: .blockSize, atMost: 64)
        try check(logCost, of: .logCost, atMost: min(24, 16 * blockSize - 1))
        try check(parallelism, of: .parallelism, atMost: 64)
        // N blocks to look up, one for each lane, and two to work in.
        let memory = 128 * blockSize * ((1 << logCost) + parallelism + 2)
        guard memory <= scryptMemoryLimit else {
            throw .tooMuchMemory(limit: scryptMemoryLimit, found: memory)
        }
        var key = SecretBytes(zeros: 32)
        let status = unsafe key.withMutablePointer { target in
            unsafe passphrase.withUnsafeBytes { password in
                unsafe EVP_PBE_scrypt(
                    password.baseAddress?.assumingMemoryBound(to: CChar.self),
                    password.count,
                    salt,
                    salt.count,
                    1 << UInt64(logCost),
                    UInt64(blockSize),
                    UInt64(parallelism),
                    UInt64(memory),
                    target.baseAddress,
                    target.count
                )
            }
        }
        guard status == 1 else {
            ERR_clear_error()
            throw .libraryFailed
        }
        return key
    }

    private static func check(
        _ value: Int,
        of parameter: ScryptParameter,
        atMost limit: Int
    ) throws(CryptoFailure) {
        guard (1...limit).contains(value) else {
            throw .costOutOfBounds(parameter: parameter, limit: limit, found: value)
        }
    }
}
