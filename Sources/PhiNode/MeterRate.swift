/// How fast something may come, and how much of it at once.
public struct MeterRate: Hashable, Sendable {
    /// Units of a rate or a burst at most, so that a bucket's arithmetic cannot overflow.
    public static let limit: UInt64 = 1 << 40

    /// Units in a second, at least one.
    public let perSecond: UInt64
    /// Units at once after a rest, at least one.
    public let burst: UInt64

    /// A rate; both numbers are brought between one and the limit.
    public init(perSecond: UInt64, burst: UInt64) {
        self.perSecond = min(max(1, perSecond), Self.limit)
        self.burst = min(max(1, burst), Self.limit)
    }
}
