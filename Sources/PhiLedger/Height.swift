/// The place of a block in its chain; the genesis block has height 0.
public struct Height: Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The height of the genesis block.
    public static let genesis = Height(0)

    /// The number itself.
    public let rawValue: UInt32

    /// A height from its number.
    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The height of a child, or nil past the last height that a header can carry.
    public var next: Height? {
        rawValue == .max ? nil : Height(rawValue + 1)
    }

    /// The height of the parent, or nil for the genesis block.
    public var previous: Height? {
        rawValue == 0 ? nil : Height(rawValue - 1)
    }

    /// How far this height lies above another; zero when it does not.
    public func distance(above other: Height) -> UInt32 {
        rawValue > other.rawValue ? rawValue - other.rawValue : 0
    }

    /// The height so many blocks below, not under the genesis block.
    public func lowered(by count: UInt32) -> Height {
        Height(rawValue > count ? rawValue - count : 0)
    }

    /// The number in decimal digits.
    public var description: String { String(rawValue) }

    /// Orders heights from the genesis block upwards.
    public static func < (left: Height, right: Height) -> Bool {
        left.rawValue < right.rawValue
    }
}
