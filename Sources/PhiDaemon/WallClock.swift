import FoundationEssentials
import PhiLedger

/// The machine's clock, as the core counts time.
enum WallClock {
    /// The present moment; a clock before 1970 counts as the start of 1970.
    static var now: Timestamp {
        Timestamp(milliseconds: UInt64(max(0, Date().timeIntervalSince1970) * 1_000))
    }
}
