/// A short digest of a long history, the same in every process.
///
/// It is no cryptographic hash: it tells two runs apart, not a run from a forgery.
public struct Fingerprint: Hashable, Sendable {
    private var high: UInt64 = 0x6a09_e667_f3bc_c908
    private var low: UInt64 = 0xbb67_ae85_84ca_a73b

    /// The digest of nothing.
    public init() {}

    /// Takes a number in.
    public mutating func absorb(_ value: UInt64) {
        low = (low ^ value) &* 0x9e37_79b9_7f4a_7c15
        low ^= low >> 29
        high = (high ^ low) &* 0xbf58_476d_1ce4_e5b9
        high ^= high >> 32
    }

    /// Takes bytes in, and how many they are.
    public mutating func absorb(_ bytes: [UInt8]) {
        absorb(UInt64(bytes.count))
        var word: UInt64 = 0
        var filled: UInt64 = 0
        for byte in bytes {
            word = word << 8 | UInt64(byte)
            filled += 1
            if filled == 8 {
                absorb(word)
                filled = 0
            }
        }
        if filled > 0 { absorb(word) }
    }

    /// The first 64 bits.
    public var value: UInt64 { high ^ low }

    /// The digest in 32 hexadecimal digits.
    public var hex: String { Self.digits(high) + Self.digits(low) }

    private static func digits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
