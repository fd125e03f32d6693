/// An Ed25519 signature: 32 bytes of nonce point, then 32 bytes of scalar.
///
/// The bytes are not judged here, see `VerifyingKey.check(_:of:)`.
public struct Signature: BitwiseCopyable, CustomStringConvertible, Hashable, Sendable {
    /// How many bytes a signature has.
    public static let byteCount = 64

    /// The encoded point R.
    let nonce: FourWords
    /// The scalar S, little-endian.
    let scalar: FourWords

    /// Copies 64 bytes, or is nil where there are fewer or more.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(reading: Array(bytes), at: 0)
    }

    /// Reads 128 lowercase hexadecimal digits, or is nil where the text is anything else.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(of: hex, count: Self.byteCount) else { return nil }
        self.init(reading: bytes, at: 0)
    }

    /// Reads 64 bytes out of a longer run.
    ///
    /// - Precondition: `offset` is not negative and 64 bytes follow it.
    public init(reading bytes: [UInt8], at offset: Int) {
        precondition(
            offset >= 0 && bytes.count >= 64 && offset <= bytes.count - 64,
            "the caller has checked that 64 bytes follow the offset"
        )
        nonce = FourWords(reading: bytes, at: offset)
        scalar = FourWords(reading: bytes, at: offset + 32)
    }

    /// The 64 bytes.
    public var bytes: [UInt8] {
        unsafe withUnsafeBytes(of: self) { unsafe Array($0) }
    }

    /// The bytes as 128 lowercase hexadecimal digits.
    public var hex: String { Hexadecimal.text(of: bytes) }

    /// The bytes in lowercase hexadecimal.
    public var description: String { hex }

    /// Appends the 64 bytes.
    public func append(to bytes: inout [UInt8]) {
        nonce.append(to: &bytes)
        scalar.append(to: &bytes)
    }
}
