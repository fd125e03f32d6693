/// A SHA-256 digest.
///
/// Its order is that of the number that the bytes write down, most significant byte first.
@frozen public struct Digest: FixedBytes32 {
    /// The bytes as four words in memory order.
    public let words: FourWords

    /// Makes the value from its words.
    @inlinable public init(words: FourWords) {
        self.words = words
    }

    /// The first eight bytes as a number, the most significant first.
    public var leadingNumber: UInt64 { UInt64(bigEndian: words.first) }
}
