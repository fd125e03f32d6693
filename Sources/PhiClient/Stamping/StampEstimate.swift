#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// How long a stamp will probably take on this machine.
public struct StampEstimate: Equatable, Sendable {
    /// The hashes that are needed on average.
    public let work: UInt64
    /// The hashes that this machine tries in a second, all cores together.
    public let hashesPerSecond: Double

    /// An estimate from a measured rate.
    public init(work: UInt64, hashesPerSecond: Double) {
        self.work = work
        self.hashesPerSecond = max(hashesPerSecond, 1)
    }

    /// The average time.
    public var expected: Duration { .seconds(mean) }

    /// The time within which one of ten stamps is found.
    public var short: Duration { .seconds(mean * 0.105) }

    /// The time within which nine of ten stamps are found.
    public var long: Duration { .seconds(mean * 2.303) }

    /// The chance that the stamp is found after so many hashes.
    public func chance(after hashes: UInt64) -> Double {
        1 - exp(-Double(hashes) / Double(max(work, 1)))
    }

    private var mean: Double { Double(work) / hashesPerSecond }
}
