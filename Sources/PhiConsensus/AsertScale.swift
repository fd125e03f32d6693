package import PhiLedger

/// The exponential rule of `aserti3` on bare numbers: a target times 2^(numerator / half-life).
package enum AsertScale {
    /// The bits after the point of the exponent.
    private static let radixBits = 16

    /// Scales a number, or says that the result needs more than 256 bits.
    ///
    /// The fraction of the exponent goes through a cubic polynomial that stands for 2^x - 1, in
    /// integers only, so that every node finds the same bits.
    /// - Parameters:
    ///   - magnitude: The number to scale.
    ///   - numerator: The dividend of the exponent, within `Difficulty.exponentLimit`.
    ///   - halfLife: The divisor of the exponent.
    /// - Returns: The product rounded down, or nil beyond 256 bits.
    package static func scaled(
        _ magnitude: UInt256,
        by numerator: Int64,
        halfLife: Int64
    ) -> UInt256? {
        precondition(
            numerator.magnitude < Difficulty.exponentLimit,
            "the exponent's dividend leaves room for its fraction"
        )
        precondition(halfLife > 0, "a half-life is a time span")
        // The division truncates toward zero, the shift rounds down. Rounding the division down
        // as well would give other targets than the published vectors.
        let exponent = (numerator << radixBits) / halfLife
        let factor = factor(fraction: UInt64(exponent & 0xffff))
        let shift = Int(exponent >> radixBits) - radixBits
        return magnitude.multipliedFullWidth(by: factor).scaled(byPowerOfTwo: shift)
    }

    /// 2^(fraction / 65,536) times 65,536.
    ///
    /// The sum stays below 2^64 for every fraction of 16 bits, though it passes 2^63.
    static func factor(fraction: UInt64) -> UInt64 {
        let square = fraction * fraction
        let sum =
            195_766_423_245_049 * fraction + 971_821_376 * square + 5_127 * square * fraction
            + (1 << 47)
        return (1 << 16) + sum >> 48
    }
}
