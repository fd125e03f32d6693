/// A number without bounds that computes as on paper, to check the fast arithmetic against.
struct BigNumber: Comparable {
    /// Bytes from the least significant, without zeros at the end.
    private var digits: [UInt8]

    /// Reads big-endian bytes.
    init(_ bytes: [UInt8]) {
        self.init(littleEndian: bytes.reversed())
    }

    init(_ value: UInt128) {
        self.init(littleEndian: (0..<16).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }

    private init(littleEndian digits: [UInt8]) {
        self.digits = digits
        while self.digits.last == 0 { self.digits.removeLast() }
    }

    func bytes(_ count: Int) -> [UInt8] {
        (digits + [UInt8](repeating: 0, count: count - digits.count)).reversed()
    }

    func adding(_ other: BigNumber) -> BigNumber {
        var sum: [UInt8] = []
        var carry = 0
        for index in 0...max(digits.count, other.digits.count) {
            carry += digit(index) + other.digit(index)
            sum.append(UInt8(carry & 255))
            carry >>= 8
        }
        return BigNumber(littleEndian: sum)
    }

    func subtracting(_ other: BigNumber) -> BigNumber {
        var difference: [UInt8] = []
        var borrow = 0
        for index in digits.indices {
            let value = digit(index) - other.digit(index) - borrow
            borrow = value < 0 ? 1 : 0
            difference.append(UInt8(value & 255))
        }
        return BigNumber(littleEndian: difference)
    }

    func multiplied(by other: BigNumber) -> BigNumber {
        var product = [Int](repeating: 0, count: digits.count + other.digits.count + 1)
        for left in digits.indices {
            for right in other.digits.indices {
                product[left + right] += digit(left) * other.digit(right)
            }
        }
        for index in product.indices.dropLast() {
            product[index + 1] += product[index] >> 8
            product[index] &= 255
        }
        return BigNumber(littleEndian: product.map { UInt8($0) })
    }

    func shifted(by count: Int) -> BigNumber {
        let bit = BigNumber([UInt8(1 << (count % 8))])
        let zeros = [UInt8](repeating: 0, count: count / 8)
        return BigNumber(littleEndian: zeros + multiplied(by: bit).digits)
    }

    /// The number divided by 2 to the count, rounded down.
    func droppingBits(_ count: Int) -> BigNumber {
        let whole = Array(digits.dropFirst(count / 8))
        let shifted = whole.indices.map { index in
            let next = index + 1 < whole.count ? Int(whole[index + 1]) : 0
            return UInt8((Int(whole[index]) | next << 8) >> (count % 8) & 255)
        }
        return BigNumber(littleEndian: shifted)
    }

    private func digit(_ index: Int) -> Int { index < digits.count ? Int(digits[index]) : 0 }

    static func < (left: BigNumber, right: BigNumber) -> Bool {
        guard left.digits.count == right.digits.count else {
            return left.digits.count < right.digits.count
        }
        return left.digits.reversed().lexicographicallyPrecedes(right.digits.reversed())
    }
}
