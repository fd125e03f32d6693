import PhiLedger

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Day and time of day where the machine is.
enum LocalClock {
    /// A moment as the clock on the wall shows it.
    static func moment(_ time: Timestamp) -> Moment {
        var seconds = time_t(min(time.milliseconds, 253_402_300_799_000) / 1_000)
        var parts = unsafe tm()
        unsafe localtime_r(&seconds, &parts)
        let (year, month, date) = unsafe (parts.tm_year, parts.tm_mon, parts.tm_mday)
        let (hour, minute) = unsafe (parts.tm_hour, parts.tm_min)
        return Moment(
            day: "\(year + 1_900)-\(digits(month + 1))-\(digits(date))",
            time: "\(digits(hour)):\(digits(minute))"
        )
    }

    private static func digits(_ number: Int32) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
