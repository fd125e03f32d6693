/// A number of hashes that a block or a chain stands for.
public struct Work: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// No work.
    public static let zero = Work(rawValue: 0)

    /// The number of bytes of the encoding.
    public static let byteCount = 16

    /// The number of hashes.
    public let rawValue: UInt128

    /// Makes an amount of work.
    public init(rawValue: UInt128) {
        self.rawValue = rawValue
    }

    /// Reads 16 little-endian bytes.
    ///
    /// - Parameters:
    ///   - bytes: Bytes that the caller has found to be long enough.
    ///   - offset: The place of the first byte.
    public init(reading bytes: [UInt8], at offset: Int) {
        var value: UInt128 = 0
        for byte in bytes[offset..<(offset + Work.byteCount)].reversed() {
            value = value << 8 | UInt128(byte)
        }
        rawValue = value
    }

    /// Reads a hexadecimal number as `hex` writes it.
    ///
    /// - Parameter hex: One to 32 lowercase digits without leading zeros.
    public init?(hex: String) {
        let digits = hex.utf8
        guard (1...32).contains(digits.count) else { return nil }
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        var value: UInt128 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value << 4 | UInt128(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt128(digit - UInt8(ascii: "a") + 10)
            default:
                return nil
            }
        }
        rawValue = value
    }

    /// The number in lowercase hexadecimal digits without leading zeros.
    public var hex: String { String(rawValue, radix: 16) }

    /// The number as 16 little-endian bytes.
    public var bytes: [UInt8] {
        (0..<Work.byteCount).map { UInt8(truncatingIfNeeded: rawValue >> (8 * $0)) }
    }

    /// The sum, or nil past 128 bits.
    public func adding(_ other: Work) -> Work? {
        let (sum, overflow) = rawValue.addingReportingOverflow(other.rawValue)
        return overflow ? nil : Work(rawValue: sum)
    }

    /// The difference, or nil below zero.
    public func subtracting(_ other: Work) -> Work? {
        let (difference, overflow) = rawValue.subtractingReportingOverflow(other.rawValue)
        return overflow ? nil : Work(rawValue: difference)
    }

    /// The work of so many equal blocks, or nil past 128 bits.
    public func multiplied(by count: UInt64) -> Work? {
        let (product, overflow) = rawValue.multipliedReportingOverflow(by: UInt128(count))
        return overflow ? nil : Work(rawValue: product)
    }

    /// Whether the first amount is the smaller.
    public static func < (left: Work, right: Work) -> Bool { left.rawValue < right.rawValue }
}

extension Work: CustomStringConvertible {
    /// The number in hexadecimal digits.
    public var description: String { hex }
}
