public import PhiLedger

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The time of day.
public enum WallClock {
    /// The present moment by the system's clock.
    public static var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let seconds = UInt64(max(0, time.tv_sec))
        return Timestamp(milliseconds: seconds * 1_000 + UInt64(max(0, time.tv_nsec)) / 1_000_000)
    }
}
