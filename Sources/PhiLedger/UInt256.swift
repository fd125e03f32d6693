/// An unsigned number of 256 bits, with just the arithmetic that targets need.
package struct UInt256: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// Zero.
    package static let zero = UInt256(high: 0, low: 0)

    /// Bits 128 to 255.
    package let high: UInt128
    /// Bits 0 to 127.
    package let low: UInt128

    /// Makes a number from its two halves.
    package init(high: UInt128 = 0, low: UInt128) {
        self.high = high
        self.low = low
    }

    /// The position of the highest bit that is set, counted from one, or zero for zero.
    package var significantBits: Int {
        high == 0 ? 128 - low.leadingZeroBitCount : 256 - high.leadingZeroBitCount
    }

    /// The number times 2 to the count, or nil when bits would be lost.
    package func shiftedLeft(by count: Int) -> UInt256? {
        precondition(count >= 0, "a shift to the right has its own function")
        guard self != .zero else { return .zero }
        guard count <= 256 - significantBits else { return nil }
        guard count > 0 else { return self }
        guard count < 128 else { return UInt256(high: low << (count - 128), low: 0) }
        return UInt256(high: high << count | low >> (128 - count), low: low << count)
    }

    /// The number divided by 2 to the count, rounded down.
    package func shiftedRight(by count: Int) -> UInt256 {
        precondition(count >= 0, "a shift to the left has its own function")
        guard count > 0 else { return self }
        guard count < 128 else { return UInt256(high: 0, low: high >> (count - 128)) }
        return UInt256(high: high >> count, low: low >> count | high << (128 - count))
    }

    /// The number less another that is not greater.
    package func subtracting(_ other: UInt256) -> UInt256 {
        precondition(other <= self, "the difference is not negative")
        let (difference, borrow) = low.subtractingReportingOverflow(other.low)
        return UInt256(high: high - other.high - (borrow ? 1 : 0), low: difference)
    }

    /// The whole product with a number of 64 bits, of which up to 320 bits are set.
    package func multipliedFullWidth(by factor: UInt64) -> WideProduct {
        let lower = low.multipliedFullWidth(by: UInt128(factor))
        let upper = high.multipliedFullWidth(by: UInt128(factor))
        let (middle, carry) = upper.low.addingReportingOverflow(lower.high)
        // The upper product is below 2^192, so its high half has room for the carry.
        let overflow = UInt64(upper.high) + (carry ? 1 : 0)
        return WideProduct(overflow: overflow, low: UInt256(high: middle, low: lower.low))
    }

    /// Whether the first number is the smaller.
    package static func < (left: UInt256, right: UInt256) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

/// The product of a number of 256 bits and one of 64 bits: 320 bits.
package struct WideProduct: Hashable, Sendable, BitwiseCopyable {
    /// Bits 256 to 319.
    package let overflow: UInt64
    /// Bits 0 to 255.
    package let low: UInt256

    /// The product times 2 to the exponent, rounded down, or nil when it needs more than 256 bits.
    package func scaled(byPowerOfTwo exponent: Int) -> UInt256? {
        guard exponent < 0 else { return overflow == 0 ? low.shiftedLeft(by: exponent) : nil }
        let carried = UInt256(low: UInt128(overflow))
        guard exponent > -256 else {
            // The distance between two negative numbers cannot overflow.
            return carried.shiftedRight(by: -256 - exponent)
        }
        let shifted = low.shiftedRight(by: -exponent)
        guard let upper = carried.shiftedLeft(by: 256 + exponent) else { return nil }
        return UInt256(high: upper.high | shifted.high, low: upper.low | shifted.low)
    }
}
