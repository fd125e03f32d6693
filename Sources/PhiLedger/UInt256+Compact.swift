extension UInt256 {
    /// The compact form: a byte that counts the bytes of the number, then its first three bytes.
    ///
    /// The lower bytes are lost. A mantissa whose first bit is set moves down by a byte, because
    /// that bit stands for a sign.
    package var compact: UInt32 {
        var size = (significantBits + 7) / 8
        var mantissa =
            size > 3
            ? UInt32(truncatingIfNeeded: shiftedRight(by: 8 * (size - 3)).low)
            : UInt32(truncatingIfNeeded: low) << (8 * (3 - size))
        if mantissa & Compact.sign != 0 {
            mantissa >>= 8
            size += 1
        }
        return UInt32(size) << 24 | mantissa
    }

    /// Reads the compact form, which must be the one that `compact` writes.
    package init(compact bits: UInt32) throws(TargetFailure) {
        guard bits & Compact.sign == 0 else { throw .negative(found: bits) }
        let mantissa = bits & Compact.mantissa
        guard mantissa != 0 else { throw .zero(found: bits) }
        let size = Int(bits >> 24)
        // A size below three cuts the last bytes of the mantissa off, so they must be zero.
        let lost = UInt32(1) << (8 * max(0, 3 - size)) - 1
        guard mantissa >= Compact.smallestMantissa, mantissa & lost == 0 else {
            throw .notCanonical(found: bits)
        }
        let number = UInt256(low: UInt128(mantissa))
        guard size >= 3 else {
            self = number.shiftedRight(by: 8 * (3 - size))
            return
        }
        guard let shifted = number.shiftedLeft(by: 8 * (size - 3)) else {
            throw .overflow(found: bits)
        }
        self = shifted
    }
}

/// The fields of the compact form.
private enum Compact {
    static let sign: UInt32 = 0x80_0000
    static let mantissa: UInt32 = 0x7f_ffff
    /// A smaller mantissa would fit a form of one byte less.
    static let smallestMantissa: UInt32 = 0x8000
}
