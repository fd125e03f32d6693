public import PhiCrypto

/// The 32 bytes that all keys of a person follow from.
///
/// The value never shows its bytes unless asked.
public struct IdentitySeed: Equatable, Sendable {
    /// Bytes of a seed.
    public static let byteCount = 32

    private let bytes: [UInt8]

    /// A seed of exactly 32 bytes, or nil.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// A new seed from the system's randomness.
    public static func fresh() -> IdentitySeed {
        IdentitySeed(unchecked: Chance.bytes(byteCount))
    }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// The bytes in the open, for the file that keeps them.
    public func exposed() -> [UInt8] { bytes }

    /// The seed as a secret that is overwritten after use.
    public func secret() -> SecretBytes { SecretBytes(copying: bytes) }

    /// The key by which a person is known across meetings, where they choose to be.
    public func identityKey() throws(CryptoFailure) -> SigningKey {
        try SigningKey(seed: secret())
    }

    /// Compares in a time that does not depend on the bytes.
    public static func == (left: IdentitySeed, right: IdentitySeed) -> Bool {
        zip(left.bytes, right.bytes).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension IdentitySeed: CustomStringConvertible, CustomReflectable {
    /// A constant, so that a log shows nothing.
    public var description: String { "identity seed" }

    /// Nothing, so that a dump shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
