public import PhiCrypto

/// The number that a block's hash must not exceed, between 2^160 and 2^255.
///
/// The lower bound keeps the work of one block below 2^96, so the sum over every height that a
/// header can carry fits 128 bits.
public struct Target: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The hardest target, 2^160.
    public static let minimum = powerOfTwo(160)

    /// The number itself.
    package let magnitude: UInt256

    /// A target with one bit set.
    ///
    /// - Parameter exponent: The exponent of two, from 160 to 255.
    /// - Returns: The target 2^exponent.
    public static func powerOfTwo(_ exponent: Int) -> Target {
        precondition((160...255).contains(exponent), "a target lies between 2^160 and 2^255")
        return Target(within: UInt256(high: 1 << (exponent - 128), low: 0))
    }

    /// Reads a target from the compact form that headers carry.
    ///
    /// - Parameters:
    ///   - bits: The compact form.
    ///   - limit: The easiest target of the network.
    /// - Throws: The first rule that the form breaks.
    public init(compact bits: UInt32, limit: Target) throws(TargetFailure) {
        let magnitude = try UInt256(compact: bits)
        guard magnitude >= Target.minimum.magnitude else {
            throw .belowMinimum(found: bits, minimum: Target.minimum.compact)
        }
        guard magnitude <= limit.magnitude else {
            throw .aboveLimit(found: bits, limit: limit.compact)
        }
        self.init(within: magnitude)
    }

    /// The target nearest to a number.
    ///
    /// - Parameters:
    ///   - magnitude: The number, or nil for one beyond 256 bits.
    ///   - limit: The easiest target of the network.
    package init(nearest magnitude: UInt256?, limit: Target) {
        guard let magnitude, magnitude < limit.magnitude else {
            self = limit
            return
        }
        self.init(within: max(magnitude, Target.minimum.magnitude))
    }

    /// Takes a number that is known to lie between the bounds.
    private init(within magnitude: UInt256) {
        self.magnitude = magnitude
    }

    /// The compact form, which keeps the highest three bytes at most.
    public var compact: UInt32 { magnitude.compact }

    /// The target as 32 big-endian bytes, in the order in which hashes are compared.
    public var digest: Digest {
        Digest(
            words: FourWords(
                UInt64(magnitude.high >> 64).bigEndian,
                UInt64(truncatingIfNeeded: magnitude.high).bigEndian,
                UInt64(magnitude.low >> 64).bigEndian,
                UInt64(truncatingIfNeeded: magnitude.low).bigEndian
            )
        )
    }

    /// Whether a hash, read as a big-endian number, does not exceed the target.
    public func isMet(by hash: Digest) -> Bool { hash <= digest }

    /// The number of hashes that meeting the target takes on average, 2^256 / (target + 1).
    public var work: Work {
        // With d = target + 1, 2^256 / d is (2^256 - d) / d + 1, and 2^256 - d is the complement
        // of the target. The quotient has fewer than 97 bits because the target has over 160.
        let complement = UInt256(high: ~magnitude.high, low: ~magnitude.low)
        let (low, carry) = magnitude.low.addingReportingOverflow(1)
        let divisor = UInt256(high: magnitude.high + (carry ? 1 : 0), low: low)
        var remainder = complement
        var quotient: UInt128 = 0
        var shift = complement.significantBits - divisor.significantBits
        while shift >= 0 {
            if let step = divisor.shiftedLeft(by: shift), step <= remainder {
                remainder = remainder.subtracting(step)
                quotient |= 1 << shift
            }
            shift -= 1
        }
        return Work(rawValue: quotient + 1)
    }

    /// Whether the first target is the harder.
    public static func < (left: Target, right: Target) -> Bool {
        left.magnitude < right.magnitude
    }
}

/// The rules that the compact form of a target can break.
public enum TargetFailure: Error, Equatable, Sendable {
    /// The sign bit is set.
    case negative(found: UInt32)
    /// The mantissa is zero.
    case zero(found: UInt32)
    /// The same number has another, canonical form, or the form drops bytes of its mantissa.
    case notCanonical(found: UInt32)
    /// The number needs more than 256 bits.
    case overflow(found: UInt32)
    /// The target is harder than any network allows.
    case belowMinimum(found: UInt32, minimum: UInt32)
    /// The target is easier than the network allows.
    case aboveLimit(found: UInt32, limit: UInt32)
}
