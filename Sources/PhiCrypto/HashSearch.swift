import CHashing

/// The search for a nonce whose double SHA-256 is low enough.
///
/// Blocks and stamps both end in a part of 28 bytes that ends in the nonce, so that one search
/// serves both and a try costs two compressions.
public enum HashSearch {
    /// How many bytes stand between the prefix and the nonce.
    public static let tailByteCount = 20

    /// A loop that the search can run on.
    public enum Kind: String, CaseIterable, Sendable {
        /// Sixteen nonces at once.
        case avx512
        /// Two nonces at once in the processor's own rounds.
        case shaNI = "sha-ni"
        /// Eight nonces at once.
        case avx2
        /// Four nonces at once on any 64-bit Intel or AMD processor.
        case sse2
        /// Four nonces at once on any 64-bit Arm processor.
        case neon
        /// One nonce at a time on any processor.
        case scalar

        var number: phi_search_kind {
            switch self {
            case .avx512: PHI_SEARCH_AVX512
            case .shaNI: PHI_SEARCH_SHA_NI
            case .avx2: PHI_SEARCH_AVX2
            case .sse2: PHI_SEARCH_SSE2
            case .neon: PHI_SEARCH_NEON
            case .scalar: PHI_SEARCH_SCALAR
            }
        }
    }

    /// The loops that this processor can run, the fastest first.
    public static let available = Kind.allCases.filter { phi_search_is_available($0.number) }

    /// The loop that is used unless another is asked for.
    public static let fastest = available.first ?? .scalar

    /// The name of the loop that is used.
    public static var kind: String { fastest.rawValue }

    /// Looks for the least nonce for which SHA256d(prefix ‖ tail ‖ LE64(nonce)) is at most the
    /// target, both read big-endian.
    ///
    /// - Parameters:
    ///   - prefix: Whole blocks of 64 bytes.
    ///   - tail: The 20 bytes before the nonce.
    ///   - target: The highest hash that is low enough.
    ///   - range: The nonces to try; its length bounds the time that the call takes.
    ///   - kind: The loop to run, one of `available`.
    /// - Returns: The nonce, or nil where the range holds none.
    public static func firstNonce(
        prefix: [UInt8],
        tail: [UInt8],
        target: Digest,
        in range: Range<UInt64>,
        using kind: Kind = fastest
    ) -> UInt64? {
        precondition(prefix.count.isMultiple(of: 64), "the prefix is a run of whole blocks")
        precondition(tail.count == tailByteCount, "the tail and the nonce make 28 bytes")
        precondition(available.contains(kind), "this processor can run the loop")
        var nonce: UInt64 = 0
        let found = unsafe phi_search(
            kind.number,
            prefix,
            prefix.count,
            tail,
            target.bytes,
            range.lowerBound,
            range.upperBound - range.lowerBound,
            &nonce
        )
        return found ? nonce : nil
    }
}
