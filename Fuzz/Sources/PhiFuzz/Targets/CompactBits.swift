import PhiLedger

extension FuzzTarget {
    /// Targets in the form of headers.
    static let compactBits = FuzzTarget(
        "compact-bits",
        "compact targets: one form for each number, its value by another way, bounds kept",
        byteLimit: 64,
        memory: MemoryBound(base: 32_768, perByte: 16),
        seeds: {
            let words: [UInt32] = [
                0x2000_8000, 0x207f_ffff, 0x2100_8000, 0x1500_8000, 0x1401_0000, 0x0300_8000,
                0x0280_0000, 0x0100_8000, 0x1d00_ffff, 0x207f_fffe,
            ]
            return words.map { word in
                var bytes: [UInt8] = [0]
                bytes.append(littleEndian: word)
                return bytes
            } + [[1] + [UInt8](repeating: 0xab, count: 40)]
        },
        transcript: { transcript(Supply($0)) },
        run: { input in
            var supply = Supply(input)
            if supply.flag() {
                magnitude(FuzzTarget.number(&supply))
            } else {
                bits(supply.integer(), exponent: 160 + supply.choice(96))
            }
        }
    )

    private static func bits(_ bits: UInt32, exponent: Int) {
        do throws(TargetFailure) {
            let number = try UInt256(compact: bits)
            claimEqual(number.compact, bits, "a compact form written again")
            claimEqual(limbs(number), value(bits), "the value of a compact form")
        } catch {
            if case .overflow = error {
                claim(value(bits).bitCount > 256) { "an overflow needs over 256 bits" }
            }
        }
        let limit = Target.powerOfTwo(exponent)
        guard let target = try? Target(compact: bits, limit: limit) else { return }
        claim(target <= limit && target >= .minimum) { "a target keeps its bounds" }
        claimEqual(target.compact, bits, "the compact form of a target")
        claim(target.isMet(by: target.digest)) { "a hash of the target's size meets it" }
        claim(target.work > .zero) { "each target stands for work" }
    }

    /// The mantissa times 256 to the size less three, rounded down.
    private static func value(_ bits: UInt32) -> Limbs {
        let mantissa = Limbs(UInt128(bits & 0x7f_ffff))
        let shift = 8 * (Int(bits >> 24) - 3)
        return shift < 0 ? mantissa.shiftedRight(-shift) : mantissa.shiftedLeft(shift)
    }

    private static func magnitude(_ number: UInt256) {
        guard number != .zero else { return }
        let bits = number.compact
        guard let back = try? UInt256(compact: bits) else {
            // Only the next byte above 256 bits has no form.
            return claim(number.significantBits == 256) { "\(limbs(number)) has a compact form" }
        }
        claim(back <= number) { "the compact form rounds down" }
        claimEqual(back.compact, bits, "a compact form written again")
        let lost = limbs(number).subtracting(limbs(back))
        claim(lost.bitCount <= max(0, number.significantBits - 15)) {
            "the compact form keeps 15 bits of \(limbs(number))"
        }
    }

    /// `bits WORD VALUE|none` or `compact MAGNITUDE WORD`, all in hexadecimal digits.
    private static func transcript(_ supply: Supply) -> String? {
        var supply = supply
        if supply.flag() {
            let number = FuzzTarget.number(&supply)
            let target = Target(nearest: number, limit: .powerOfTwo(255))
            return "compact \(limbs(target.magnitude)) \(String(target.compact, radix: 16))"
        }
        let bits: UInt32 = supply.integer()
        let target = try? Target(compact: bits, limit: .powerOfTwo(255))
        let value = target.map { limbs($0.magnitude).description } ?? "none"
        return "bits \(String(bits, radix: 16)) \(value)"
    }
}
