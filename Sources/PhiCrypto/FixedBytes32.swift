/// A value of exactly 32 bytes.
///
/// The bytes are held as four words in memory order: no heap, one load to read, and a synthesized
/// hash and equality. The order is that of the bytes, which is also that of the bytes read as one
/// big-endian number.
public protocol FixedBytes32: BitwiseCopyable, Comparable, CustomStringConvertible, Hashable,
    Sendable
{
    /// Makes the value from its words.
    init(words: FourWords)

    /// The bytes as four words in memory order.
    var words: FourWords { get }
}

/// Four words that hold 32 bytes in memory order.
@frozen public struct FourWords: BitwiseCopyable, Hashable, Sendable {
    /// Bytes 0 to 7.
    public let first: UInt64
    /// Bytes 8 to 15.
    public let second: UInt64
    /// Bytes 16 to 23.
    public let third: UInt64
    /// Bytes 24 to 31.
    public let fourth: UInt64

    /// Makes the words from their bytes' places in memory.
    @inlinable public init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// Reads 32 bytes.
    ///
    /// - Precondition: `offset` is not negative and 32 bytes follow it.
    @inlinable init(reading bytes: [UInt8], at offset: Int) {
        precondition(
            offset >= 0 && bytes.count >= 32 && offset <= bytes.count - 32,
            "the caller has checked that 32 bytes follow the offset"
        )
        self = unsafe bytes.withUnsafeBytes { buffer in
            unsafe buffer.loadUnaligned(fromByteOffset: offset, as: FourWords.self)
        }
    }

    /// The words read as little-endian numbers, least significant first.
    var littleEndian: FourWords {
        FourWords(
            UInt64(littleEndian: first),
            UInt64(littleEndian: second),
            UInt64(littleEndian: third),
            UInt64(littleEndian: fourth)
        )
    }

    @inlinable func append(to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: self) { unsafe bytes.append(contentsOf: $0) }
    }
}

extension FixedBytes32 {
    /// 32 zero bytes.
    @inlinable public static var zero: Self { Self(words: FourWords(0, 0, 0, 0)) }

    /// Copies 32 bytes, or is nil where there are fewer or more.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.init(reading: Array(bytes), at: 0)
    }

    /// Reads 64 lowercase hexadecimal digits, or is nil where the text is anything else.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(of: hex, count: 32) else { return nil }
        self.init(reading: bytes, at: 0)
    }

    /// Reads 32 bytes out of a longer run.
    ///
    /// - Precondition: `offset` is not negative and 32 bytes follow it.
    @inlinable public init(reading bytes: [UInt8], at offset: Int) {
        self.init(words: FourWords(reading: bytes, at: offset))
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        unsafe withUnsafeBytes(of: words) { unsafe Array($0) }
    }

    /// The 32 bytes as 64 lowercase hexadecimal digits.
    public var hex: String { Hexadecimal.text(of: bytes) }

    /// The bytes in lowercase hexadecimal.
    public var description: String { hex }

    /// Whether all bytes are zero.
    @inlinable public var isZero: Bool {
        words.first | words.second | words.third | words.fourth == 0
    }

    /// Appends the 32 bytes.
    @inlinable public func append(to bytes: inout [UInt8]) {
        words.append(to: &bytes)
    }

    /// The byte at an index from 0 to 31.
    @inlinable public subscript(index: Int) -> UInt8 {
        precondition((0..<32).contains(index), "the value has 32 bytes")
        let word =
            switch index / 8 {
            case 0: words.first
            case 1: words.second
            case 2: words.third
            default: words.fourth
            }
        return UInt8(truncatingIfNeeded: UInt64(littleEndian: word) >> UInt64(index % 8 * 8))
    }

    /// Whether the left bytes come before the right ones.
    @inlinable public static func < (left: Self, right: Self) -> Bool {
        let (a, b) = (left.words, right.words)
        if a.first != b.first { return a.first.bigEndian < b.first.bigEndian }
        if a.second != b.second { return a.second.bigEndian < b.second.bigEndian }
        if a.third != b.third { return a.third.bigEndian < b.third.bigEndian }
        return a.fourth.bigEndian < b.fourth.bigEndian
    }
}
