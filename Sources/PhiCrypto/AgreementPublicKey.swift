/// The public half of an X25519 key, as bytes.
///
/// The bytes are not judged here: `AgreementKey` refuses those that lead to no secret.
@frozen public struct AgreementPublicKey: FixedBytes32 {
    /// The bytes as four words in memory order.
    public let words: FourWords

    /// Makes the value from its words.
    @inlinable public init(words: FourWords) {
        self.words = words
    }
}
