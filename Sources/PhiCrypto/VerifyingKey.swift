/// The public half of an Ed25519 key, as bytes.
///
/// The bytes are not judged here: `check(_:of:)` refuses the keys that no signature may use.
@frozen public struct VerifyingKey: FixedBytes32 {
    /// The bytes as four words in memory order.
    public let words: FourWords

    /// Makes the value from its words.
    @inlinable public init(words: FourWords) {
        self.words = words
    }
}
