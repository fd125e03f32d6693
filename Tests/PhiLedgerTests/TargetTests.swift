import PhiCrypto
import PhiLedger
import Testing

@Suite("A target") struct TargetTests {
    /// Canonical forms from the hardest target to the easiest.
    private static let compactSamples: [UInt32] = [
        0x1501_0000, 0x1501_0001, 0x157f_ffff, 0x1600_8000, 0x1600_8001, 0x1802_aee8, 0x1b04_04cb,
        0x1d00_ffff, 0x1d7f_ffff, 0x1e00_8000, 0x1e0f_ffff, 0x1e10_0000, 0x207f_ffff, 0x2100_8000,
    ]
    private static let easiest = Target.powerOfTwo(255)

    @Test("keeps its canonical form", arguments: compactSamples)
    func roundTrip(bits: UInt32) throws {
        let target = try Target(compact: bits, limit: Self.easiest)
        #expect(target.compact == bits)
        #expect(target.digest.hex == Self.expanded(bits))
    }

    @Test("is one bit with its exponent", arguments: 160...255)
    func powers(exponent: Int) throws {
        let target = Target.powerOfTwo(exponent)
        #expect(try Target(compact: target.compact, limit: Self.easiest) == target)
        #expect(BigNumber(target.digest.bytes) == BigNumber([1]).shifted(by: exponent))
    }

    @Test("is refused in a form that breaks one rule", arguments: refusals)
    func refusal(bits: UInt32, failure: TargetFailure) {
        #expect(throws: failure) { try Target(compact: bits, limit: Target.powerOfTwo(236)) }
    }

    @Test("one below a power of two takes just the other power", arguments: 161...254)
    func evenWork(exponent: Int) {
        let low = exponent - 128
        let magnitude = UInt256(high: (UInt128(1) << low) - 1, low: .max)
        let target = Target(nearest: magnitude, limit: Self.easiest)
        #expect(target.work == Work(rawValue: 1 << UInt128(256 - exponent)))
    }

    @Test("is read by the big-number rule for every size and many mantissas")
    func everySize() {
        for size in UInt32(0)...255 {
            for mantissa in Self.mantissas {
                let bits = size << 24 | mantissa
                let read = try? Target(compact: bits, limit: Self.easiest)
                #expect(read?.digest.hex == Self.legal(bits), "\(String(bits, radix: 16))")
            }
        }
    }

    @Test("is met by a hash up to itself", arguments: compactSamples)
    func meeting(bits: UInt32) throws {
        let target = try Target(compact: bits, limit: Self.easiest)
        let number = BigNumber(target.digest.bytes)
        let above = try #require(Digest(number.adding(BigNumber([1])).bytes(32)))
        let below = try #require(Digest(number.subtracting(BigNumber([1])).bytes(32)))
        #expect(target.isMet(by: target.digest))
        #expect(target.isMet(by: below))
        #expect(!target.isMet(by: above))
        #expect(target.isMet(by: .zero))
        #expect(!target.isMet(by: try #require(Digest([UInt8](repeating: 255, count: 32)))))
    }

    @Test("orders as its number")
    func order() throws {
        let sorted = Self.compactSamples.compactMap {
            try? Target(compact: $0, limit: Self.easiest)
        }
        .sorted()
        for (left, right) in zip(sorted, sorted.dropFirst()) {
            #expect(left == right || left.digest < right.digest)
            #expect(left.work >= right.work)
        }
    }

    private static let mantissas: [UInt32] = [
        0, 1, 0xff, 0x100, 0x7fff, 0x8000, 0x8001, 0xffff, 0x1_0000, 0x1_0001, 0x7f_fffe,
        0x7f_ffff, 0x80_0000, 0x80_0001, 0xff_ffff,
    ]

    private static let refusals: [(UInt32, TargetFailure)] = [
        (0x1e80_0000, .negative(found: 0x1e80_0000)),
        (0x1eff_ffff, .negative(found: 0x1eff_ffff)),
        (0x0000_0000, .zero(found: 0)),
        (0x1e00_0000, .zero(found: 0x1e00_0000)),
        (0x1e00_7fff, .notCanonical(found: 0x1e00_7fff)),
        (0x1e00_0001, .notCanonical(found: 0x1e00_0001)),
        (0x0201_0001, .notCanonical(found: 0x0201_0001)),
        (0x0000_8000, .notCanonical(found: 0x8000)),
        (0x2200_8000, .overflow(found: 0x2200_8000)),
        (0x2101_0000, .overflow(found: 0x2101_0000)),
        (0xff7f_ffff, .overflow(found: 0xff7f_ffff)),
        (0x0101_0000, .belowMinimum(found: 0x0101_0000, minimum: 0x1501_0000)),
        (0x1500_ffff, .belowMinimum(found: 0x1500_ffff, minimum: 0x1501_0000)),
        (0x1e10_0001, .aboveLimit(found: 0x1e10_0001, limit: 0x1e10_0000)),
        (0x2100_8000, .aboveLimit(found: 0x2100_8000, limit: 0x1e10_0000)),
    ]

    /// The number that a form stands for, in hexadecimal digits.
    private static func expanded(_ bits: UInt32) -> String {
        let mantissa = String(bits & 0x7f_ffff, radix: 16)
        let digits = mantissa + String(repeating: "0", count: 2 * (Int(bits >> 24) - 3))
        return String(repeating: "0", count: 64 - digits.count) + digits
    }

    /// The number that a form stands for, or nil where a rule refuses it.
    private static func legal(_ bits: UInt32) -> String? {
        let size = Int(bits >> 24)
        let mantissa = bits & 0x7f_ffff
        guard bits & 0x80_0000 == 0, mantissa >= 0x8000, size >= 21, size <= 33 else { return nil }
        let number = BigNumber([
            UInt8(mantissa >> 16), UInt8(mantissa >> 8 & 255), UInt8(mantissa & 255),
        ])
        .shifted(by: 8 * (size - 3))
        guard number >= BigNumber([1]).shifted(by: 160), number <= BigNumber([1]).shifted(by: 255)
        else { return nil }
        return expanded(bits)
    }
}
