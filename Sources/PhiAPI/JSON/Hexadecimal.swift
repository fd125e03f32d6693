/// Bytes as hexadecimal digits.
public enum Hexadecimal {
    /// Writes bytes as lowercase digits.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads digits of either case, or answers nil when the text is not pairs of digits.
    public static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for position in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(of: digits[position]), let low = value(of: digits[position + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    static func append(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { storage in
            unsafe append(UnsafeRawBufferPointer(storage), to: &text)
        }
        if isDone == nil { append(Array(bytes), to: &text) }
    }

    static func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        let length = bytes.count * 2
        unsafe withUnsafeTemporaryAllocation(byteCount: length, alignment: 2) { room in
            unsafe pairs.withUnsafeBufferPointer { pairs in
                for index in 0..<bytes.count {
                    let pair = unsafe pairs[Int(bytes[index])]
                    unsafe room.storeBytes(of: pair, toByteOffset: 2 * index, as: UInt16.self)
                }
            }
            unsafe text.append(contentsOf: UnsafeRawBufferPointer(room))
        }
    }

    /// Both digits of each byte, as they lie in memory.
    private static let pairs: [UInt16] = (0...UInt8.max).map { byte in
        UInt16(littleEndian: UInt16(digit(of: byte >> 4)) | UInt16(digit(of: byte & 15)) << 8)
    }

    /// The digit of a value below 16.
    @inline(__always)
    static func digit(of value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
