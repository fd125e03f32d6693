import PhiClient

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The time since a moment: on the wall, and as this process has used the processors.
struct Stopwatch: Sendable {
    private let start = ContinuousClock.now
    private let processorStart = Stopwatch.processorSeconds

    /// Seconds on the wall since the start.
    var seconds: Double { start.duration(to: .now).inSeconds }

    /// Seconds that this process has run since the start, all threads together.
    var processorSeconds: Double { Self.processorSeconds - processorStart }

    private static var processorSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// What the machine has.
enum Machine {
    /// Cores that can work at once.
    static var coreCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Bytes of memory that this process has had at most.
    static var peakResidentBytes: Int {
        var usage = rusage()
        // 0 is RUSAGE_SELF, which Glibc declares with another type than it takes.
        unsafe getrusage(0, &usage)
        #if canImport(Darwin)
            return usage.ru_maxrss
        #else
            return usage.ru_maxrss * 1_024
        #endif
    }
}
