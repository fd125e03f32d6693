import PhiConsensus
import PhiLedger

extension FuzzTarget {
    /// The difficulty rule on arbitrary times.
    static let scale = FuzzTarget(
        "scale",
        "the exponential difficulty rule and its schedule on arbitrary times, against another way",
        byteLimit: 128,
        memory: MemoryBound(base: 65_536, perByte: 16),
        seeds: {
            (0..<12).map { index in
                var bytes: [UInt8] = [UInt8(index & 1)]
                bytes.append(littleEndian: UInt128(index) << 100)
                bytes.append(littleEndian: UInt128.max >> UInt128(index))
                bytes.append(0)
                bytes.append(littleEndian: Int64(3_600_000 * (index - 6)))
                bytes.append(littleEndian: UInt32(600_000))
                return bytes + [UInt8](repeating: UInt8(index), count: 24)
            }
        },
        transcript: { transcript(Supply($0)) },
        run: { input in
            var supply = Supply(input)
            if supply.flag() { schedule(&supply) } else { scale(&supply) }
        }
    )

    private static func exponent(_ supply: inout Supply) -> (numerator: Int64, halfLife: Int64) {
        let limit = Int64(Difficulty.exponentLimit) - 1
        let numerator = Int64(bitPattern: supply.integer(as: UInt64.self)) % (limit + 1)
        return (numerator, max(1, Int64(supply.integer(as: UInt32.self))))
    }

    private static func scale(_ supply: inout Supply) {
        let number = FuzzTarget.number(&supply)
        let (numerator, halfLife) = exponent(&supply)
        let found = AsertScale.scaled(number, by: numerator, halfLife: halfLife)
        claimEqual(
            found.map(limbs),
            onPaper(limbs(number), numerator, halfLife),
            "\(limbs(number)) * 2^(\(numerator)/\(halfLife))"
        )
        let limit = Target.powerOfTwo(160 + supply.choice(96))
        let target = Target(nearest: number, limit: limit)
        let scaled = Difficulty.scale(target, by: numerator, halfLife: halfLife, limit: limit)
        claim(scaled >= .minimum && scaled <= limit) { "a scaled target keeps its bounds" }
        claim(numerator < 0 || scaled >= target) { "a delay never makes a block harder" }
        claim(numerator > 0 || scaled <= target) { "a lead never makes a block easier" }
    }

    /// The rule of aserti3, or nil past 256 bits.
    private static func onPaper(_ number: Limbs, _ numerator: Int64, _ halfLife: Int64) -> Limbs? {
        let exponent = (Int128(numerator) << 16) / Int128(halfLife)
        let whole = Int(exponent >> 16)
        let fraction = UInt128(exponent & 0xffff)
        let cubic =
            195_766_423_245_049 * fraction + 971_821_376 * fraction * fraction
            + 5_127 * fraction * fraction * fraction + (1 << 47)
        let product = number.multiplied(by: Limbs(65_536 + cubic >> 48))
        let shift = whole - 16
        guard product != .zero else { return .zero }
        guard shift >= 0 else { return fitting(product.shiftedRight(-shift)) }
        return product.bitCount + shift > 256 ? nil : product.shiftedLeft(shift)
    }

    private static func fitting(_ number: Limbs) -> Limbs? { number.bitCount > 256 ? nil : number }

    private static func schedule(_ supply: inout Supply) {
        let limit = Target.powerOfTwo(160 + supply.choice(96))
        let schedule = Difficulty.Schedule(
            genesisTarget: Target(nearest: FuzzTarget.number(&supply), limit: limit),
            genesisTime: supply.integer(),
            interval: supply.integer(),
            halfLife: max(1, supply.integer()),
            minSpacing: supply.integer(),
            idleCap: supply.integer(),
            grace: supply.integer(),
            emergencyHalfLife: max(1, supply.integer()),
            limit: limit,
            retarget: true
        )
        let parentTime = supply.integer(as: UInt64.self)
        let parentIdle = supply.integer(as: UInt64.self)
        let time =
            supply.flag() ? supply.integer() : parentTime &+ UInt64(supply.integer() as UInt32)
        let earliest = schedule.earliestTime(afterParent: parentTime)
        let bits = try? schedule.bits(
            parentHeight: supply.integer(),
            parentTime: parentTime,
            parentIdle: parentIdle,
            time: time
        )
        claim(schedule.idle(parentIdle: parentIdle, gap: time &- parentTime) >= parentIdle) {
            "forgiven time never shrinks"
        }
        guard let bits else { return }
        claim(time >= earliest) { "a block keeps its distance" }
        claim((try? Target(compact: bits, limit: limit)) != nil) { "a schedule gives a target" }
    }

    /// `scale TARGET NUMERATOR HALFLIFE RESULT`, numbers of targets in hexadecimal digits.
    private static func transcript(_ supply: Supply) -> String? {
        var supply = supply
        guard !supply.flag() else { return nil }
        let target = Target(nearest: FuzzTarget.number(&supply), limit: .powerOfTwo(255))
        let (numerator, halfLife) = exponent(&supply)
        let scaled = Difficulty.scale(
            target,
            by: numerator,
            halfLife: halfLife,
            limit: .powerOfTwo(255)
        )
        let result = limbs(scaled.magnitude)
        return "scale \(limbs(target.magnitude)) \(numerator) \(halfLife) \(result)"
    }
}
