import PhiLedger

extension FuzzTarget {
    /// Numbers of 128 and 256 bits against digits on paper.
    static let arithmetic = FuzzTarget(
        "arithmetic",
        "numbers of 128 and 256 bits: shifts, differences, products, work, against another way",
        byteLimit: 160,
        memory: MemoryBound(base: 65_536, perByte: 16),
        seeds: {
            let edges: [UInt8] = [0x00, 0x01, 0x7f, 0x80, 0xff]
            return (0..<8).flatMap { operation in
                edges.map { [UInt8(operation)] + [UInt8](repeating: $0, count: 80) }
            }
        },
        transcript: { transcript(Supply($0)) },
        run: { input in
            var supply = Supply(input)
            let operation = supply.choice(8)
            let left = number(&supply)
            let right = number(&supply)
            let factor = supply.integer(as: UInt64.self)
            switch operation {
            case 0: shifts(left, by: Int(factor % 300))
            case 1: difference(left, right)
            case 2: product(left, by: factor, exponent: Int(Int16(truncatingIfNeeded: factor >> 8)))
            case 3: order(left, right)
            case 4: sums(Work(rawValue: left.low), Work(rawValue: right.low))
            case 5: multiples(Work(rawValue: left.low), factor)
            case 6: work(left)
            default: workText(Work(rawValue: left.low))
            }
        }
    )

    static func number(_ supply: inout Supply) -> UInt256 {
        let number = UInt256(high: supply.integer(), low: supply.integer())
        // Small numbers matter as much as large ones.
        return number.shiftedRight(by: Int(supply.byte()))
    }

    static func limbs(_ number: UInt256) -> Limbs { Limbs(high: number.high, low: number.low) }

    private static func shifts(_ number: UInt256, by count: Int) {
        let paper = limbs(number)
        claimEqual(number.significantBits, paper.bitCount, "the bits of \(paper)")
        claimEqual(
            limbs(number.shiftedRight(by: count)),
            paper.shiftedRight(count),
            "\(paper) >> \(count)"
        )
        let left = paper.shiftedLeft(count)
        claimEqual(
            number.shiftedLeft(by: count).map(limbs),
            left.bitCount > 256 ? nil : left,
            "\(paper) << \(count)"
        )
    }

    private static func difference(_ left: UInt256, _ right: UInt256) {
        let (more, less) = (max(left, right), min(left, right))
        claimEqual(
            limbs(more.subtracting(less)),
            limbs(more).subtracting(limbs(less)),
            "\(limbs(more)) - \(limbs(less))"
        )
    }

    private static func product(_ number: UInt256, by factor: UInt64, exponent: Int) {
        let product = number.multipliedFullWidth(by: factor)
        let paper = limbs(number).multiplied(by: Limbs(UInt128(factor)))
        let whole = limbs(product.low)
            .adding(Limbs(UInt128(product.overflow)).shiftedLeft(256))
        claimEqual(whole, paper, "\(limbs(number)) * \(factor)")
        let scaled =
            exponent < 0 ? paper.shiftedRight(-exponent) : paper.shiftedLeft(exponent)
        claimEqual(
            product.scaled(byPowerOfTwo: exponent).map(limbs),
            scaled.bitCount > 256 ? nil : scaled,
            "\(paper) * 2^\(exponent)"
        )
    }

    private static func order(_ left: UInt256, _ right: UInt256) {
        claimEqual(left < right, limbs(left) < limbs(right), "the order of two numbers")
        claimEqual(left == right, limbs(left) == limbs(right), "the equality of two numbers")
    }

    private static func sums(_ left: Work, _ right: Work) {
        let (one, other) = (Limbs(left.rawValue), Limbs(right.rawValue))
        let sum = one.adding(other)
        claimEqual(
            left.adding(right).map { Limbs($0.rawValue) },
            sum.bitCount > 128 ? nil : sum,
            "\(one) + \(other)"
        )
        claimEqual(
            left.subtracting(right).map { Limbs($0.rawValue) },
            one < other ? nil : one.subtracting(other),
            "\(one) - \(other)"
        )
    }

    private static func multiples(_ work: Work, _ count: UInt64) {
        let product = Limbs(work.rawValue).multiplied(by: Limbs(UInt128(count)))
        claimEqual(
            work.multiplied(by: count).map { Limbs($0.rawValue) },
            product.bitCount > 128 ? nil : product,
            "\(work) * \(count)"
        )
    }

    private static func work(_ number: UInt256) {
        let target = Target(nearest: number, limit: .powerOfTwo(255))
        let divisor = limbs(target.magnitude).adding(Limbs(1))
        claimEqual(
            Limbs(target.work.rawValue),
            Limbs.powerOfTwo(256).divided(by: divisor),
            "2^256 / \(divisor)"
        )
    }

    private static func workText(_ work: Work) {
        claimEqual(Work(hex: work.hex), work, "work from its digits")
        claimEqual(Work(reading: work.bytes, at: 0), work, "work from its bytes")
        claimEqual(work.hex, Limbs(work.rawValue).description, "the digits of work")
    }

    /// `product MAGNITUDE FACTOR PRODUCT` and `work TARGET WORK`, all in hexadecimal digits.
    private static func transcript(_ supply: Supply) -> String? {
        var supply = supply
        let operation = supply.choice(8)
        let left = number(&supply)
        _ = number(&supply)
        let factor = supply.integer(as: UInt64.self)
        guard operation == 6 else {
            let product = left.multipliedFullWidth(by: factor)
            let whole = limbs(product.low)
                .adding(Limbs(UInt128(product.overflow)).shiftedLeft(256))
            return "product \(limbs(left)) \(String(factor, radix: 16)) \(whole)"
        }
        let target = Target(nearest: left, limit: .powerOfTwo(255))
        return "work \(limbs(target.magnitude)) \(target.work.hex)"
    }
}
