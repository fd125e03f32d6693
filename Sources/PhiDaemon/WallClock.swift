import FoundationEssentials
import PhiLedger

/// The machine's clock, as the core counts time, set wrong by choice in trials of a network.
struct WallClock: Sendable {
    /// Milliseconds that the clock is ahead of the machine's; behind it when negative.
    let offset: Int

    /// A clock that is right unless told otherwise.
    init(offset: Int = 0) {
        self.offset = offset
    }

    /// The present moment; a clock before 1970 counts as the start of 1970.
    var now: Timestamp {
        let milliseconds = max(0, Date().timeIntervalSince1970) * 1_000 + Double(offset)
        return Timestamp(milliseconds: UInt64(max(0, milliseconds)))
    }
}
