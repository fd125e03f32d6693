/// A natural number of any size, worked out digit by digit as on paper.
///
/// It shares nothing with the ledger's own numbers, so that the two can be held against each
/// other at the speed of fuzzing.
struct Limbs: Equatable, CustomStringConvertible {
    /// Digits to base 2^32 from the lowest, the last never zero.
    private(set) var digits: [UInt32]

    static let zero = Limbs(digits: [])

    private init(digits: [UInt32]) {
        self.digits = digits
        while self.digits.last == 0 { self.digits.removeLast() }
    }

    init(_ value: UInt128) {
        self.init(digits: (0..<4).map { UInt32(truncatingIfNeeded: value >> (32 * $0)) })
    }

    init(high: UInt128, low: UInt128) {
        self.init(
            digits: [low, high].flatMap { half in
                (0..<4).map { UInt32(truncatingIfNeeded: half >> (32 * $0)) }
            }
        )
    }

    static func powerOfTwo(_ exponent: Int) -> Limbs { Limbs(1).shiftedLeft(exponent) }

    /// Bits up to the highest that is set.
    var bitCount: Int {
        guard let last = digits.last else { return 0 }
        return 32 * digits.count - last.leadingZeroBitCount
    }

    func bit(_ index: Int) -> Bool {
        guard index / 32 < digits.count else { return false }
        return digits[index / 32] >> UInt32(index % 32) & 1 == 1
    }

    func shiftedLeft(_ count: Int) -> Limbs {
        guard !digits.isEmpty else { return self }
        var result = [UInt32](repeating: 0, count: count / 32)
        var carry: UInt64 = 0
        for digit in digits {
            let wide = UInt64(digit) << UInt64(count % 32) | carry
            result.append(UInt32(truncatingIfNeeded: wide))
            carry = wide >> 32
        }
        return Limbs(digits: result + [UInt32(carry)])
    }

    func shiftedRight(_ count: Int) -> Limbs {
        guard count / 32 < digits.count else { return .zero }
        let rest = digits[(count / 32)...]
        var result: [UInt32] = []
        for index in rest.indices {
            let next = index + 1 < rest.endIndex ? UInt64(rest[index + 1]) : 0
            let wide = next << 32 | UInt64(rest[index])
            result.append(UInt32(truncatingIfNeeded: wide >> UInt64(count % 32)))
        }
        return Limbs(digits: result)
    }

    func adding(_ other: Limbs) -> Limbs {
        var result: [UInt32] = []
        var carry: UInt64 = 0
        for index in 0..<max(digits.count, other.digits.count) {
            carry += index < digits.count ? UInt64(digits[index]) : 0
            carry += index < other.digits.count ? UInt64(other.digits[index]) : 0
            result.append(UInt32(truncatingIfNeeded: carry))
            carry >>= 32
        }
        return Limbs(digits: result + [UInt32(carry)])
    }

    /// The difference to a number that is not greater.
    func subtracting(_ other: Limbs) -> Limbs {
        var result: [UInt32] = []
        var borrow: Int64 = 0
        for index in digits.indices {
            var digit = Int64(digits[index]) - borrow
            digit -= index < other.digits.count ? Int64(other.digits[index]) : 0
            borrow = digit < 0 ? 1 : 0
            result.append(UInt32(digit + borrow << 32))
        }
        return Limbs(digits: result)
    }

    func multiplied(by other: Limbs) -> Limbs {
        var result = [UInt32](repeating: 0, count: digits.count + other.digits.count + 1)
        for (place, digit) in digits.enumerated() {
            var carry: UInt64 = 0
            for (offset, factor) in other.digits.enumerated() {
                let sum = UInt64(digit) * UInt64(factor) + UInt64(result[place + offset]) + carry
                result[place + offset] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            result[place + other.digits.count] = UInt32(carry)
        }
        return Limbs(digits: result)
    }

    /// The quotient rounded down, bit by bit; the divisor is not zero.
    func divided(by divisor: Limbs) -> Limbs {
        var quotient = Limbs.zero
        var rest = self
        for shift in stride(from: max(0, bitCount - divisor.bitCount), through: 0, by: -1) {
            let step = divisor.shiftedLeft(shift)
            guard !(rest < step) else { continue }
            rest = rest.subtracting(step)
            quotient = quotient.adding(.powerOfTwo(shift))
        }
        return quotient
    }

    static func < (left: Limbs, right: Limbs) -> Bool {
        guard left.digits.count == right.digits.count else {
            return left.digits.count < right.digits.count
        }
        for (one, other) in zip(left.digits, right.digits).reversed() where one != other {
            return one < other
        }
        return false
    }

    /// Hexadecimal digits.
    var description: String {
        guard let first = digits.last else { return "0" }
        return digits.dropLast().reversed().reduce(String(first, radix: 16)) { text, digit in
            let part = String(digit, radix: 16)
            return text + String(repeating: "0", count: 8 - part.count) + part
        }
    }
}
