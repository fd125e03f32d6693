/// A moment, in milliseconds since the start of 1970 (UTC).
public struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The start of 1970.
    public static let zero = Timestamp(milliseconds: 0)

    /// Milliseconds since the start of 1970.
    public let milliseconds: UInt64

    /// A moment from its milliseconds.
    public init(milliseconds: UInt64) {
        self.milliseconds = milliseconds
    }

    /// The moment so many milliseconds later; it stops at the last one.
    public func adding(milliseconds count: UInt64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(count)
        return Timestamp(milliseconds: overflow ? .max : sum)
    }

    /// Milliseconds since another moment; zero when that one is not earlier.
    public func since(_ other: Timestamp) -> UInt64 {
        milliseconds > other.milliseconds ? milliseconds - other.milliseconds : 0
    }

    /// Orders moments from early to late.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
