public import PhiCrypto
import PhiLedger

/// The 32 bytes that a link carries: whoever holds them can read, or be admitted, or both.
///
/// One secret belongs to one epoch of one meeting. The value never shows its bytes unless asked.
public struct MeetingSecret: Sendable {
    /// Bytes of a secret.
    public static let byteCount = 32

    private let bytes: [UInt8]

    /// A secret of exactly 32 bytes, or nil.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// The bytes in the open, for the link that carries them.
    public func exposed() -> [UInt8] { bytes }

    /// The hash that the chain names, so that all members share one secret.
    public var readCheck: Digest { SHA256.hash(Domain.readCheck + bytes) }

    /// The key from which the keys of all contents of the epoch follow.
    public func readKey() throws(CryptoFailure) -> SecretBytes {
        try derive(Label.read)
    }

    /// The key whose signature admits an author to a meeting that is written by link.
    public func linkKey() throws(CryptoFailure) -> SigningKey {
        try SigningKey(seed: derive(Label.link))
    }

    func derive(_ info: [UInt8]) throws(CryptoFailure) -> SecretBytes {
        try KeyDerivation.hkdf(secret: SecretBytes(copying: bytes), salt: [], info: info)
    }
}

extension MeetingSecret: Hashable {
    /// Compares in a time that does not depend on the bytes.
    public static func == (left: MeetingSecret, right: MeetingSecret) -> Bool {
        constantTimeEquals(left.bytes, right.bytes)
    }

    /// Feeds the public hash of the secret, so that no table depends on the bytes themselves.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(readCheck)
    }
}

extension MeetingSecret: CustomStringConvertible, CustomReflectable {
    /// A constant, so that a log shows nothing.
    public var description: String { "secret" }

    /// Nothing, so that a dump shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
