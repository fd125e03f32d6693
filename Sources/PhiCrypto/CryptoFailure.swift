/// Why a cryptographic operation gave no result.
public enum CryptoFailure: Error, Equatable, Sendable {
    /// A key, seed or nonce has the wrong number of bytes.
    case wrongLength(required: Int, found: Int)
    /// An input is longer than the algorithm or the library takes.
    case tooLong(limit: Int, found: Int)
    /// A cost parameter of scrypt is outside of its bounds.
    case costOutOfBounds(parameter: ScryptParameter, limit: Int, found: Int)
    /// Scrypt would need more memory than the limit.
    case tooMuchMemory(limit: Int, found: Int)
    /// The other side's public key is of low order, so that the secret would be known to all.
    case lowOrderPoint
    /// The sealed bytes, or what they were sealed with, are not those that were sealed.
    case notAuthentic
    /// The library refused without a reason that can be acted on.
    case libraryFailed
}

/// The cost parameters of scrypt.
public enum ScryptParameter: Sendable {
    /// The logarithm to base two of the number of blocks, N.
    case logCost
    /// The block size, r.
    case blockSize
    /// The number of independent lanes, p.
    case parallelism
}
