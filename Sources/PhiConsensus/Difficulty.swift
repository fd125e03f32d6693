public import PhiLedger

/// The rule that keeps blocks coming at a steady pace.
public enum Difficulty {
    /// The size that a time span in milliseconds must stay below before it scales a target.
    ///
    /// Times 65,536 it still fits 63 bits.
    public static let exponentLimit: UInt64 = 1 << 46

    /// A target times 2^(numerator / half-life), held between the bounds of targets.
    ///
    /// - Parameters:
    ///   - target: The target to scale.
    ///   - numerator: The dividend of the exponent, whose size is below `exponentLimit`.
    ///   - halfLife: The span in which the target doubles, in the unit of the numerator.
    ///   - limit: The easiest target of the network.
    /// - Returns: The scaled target with all its bits, not yet rounded to the compact form.
    public static func scale(
        _ target: Target,
        by numerator: Int64,
        halfLife: Int64,
        limit: Target
    ) -> Target {
        Target(
            nearest: AsertScale.scaled(target.magnitude, by: numerator, halfLife: halfLife),
            limit: limit
        )
    }
}

/// The rules that the times of a block can break before a target follows from them.
public enum DifficultyFailure: Error, Equatable, Sendable {
    /// The block is too near to its parent. Times are in milliseconds.
    case tooSoon(time: UInt64, earliest: UInt64)
    /// The parent forgives more idle time than time itself.
    case idleBeyondTime(idle: UInt64, time: UInt64)
    /// The parent is so far off the schedule that no target follows from it.
    case offSchedule(milliseconds: Int128, limit: UInt64)
    /// The time without a block is so long that no target follows from it.
    case gapTooLong(milliseconds: UInt64, limit: UInt64)
}
