/// Chance that one seed fixes (SplitMix64), so that a whole network can be replayed.
public struct SeededChance: Sendable {
    private var state: UInt64

    /// The chance that a seed fixes.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number below a bound.
    public mutating func below(_ bound: UInt64) -> UInt64 {
        bound == 0 ? 0 : next().multipliedFullWidth(by: bound).high
    }

    /// A waiting time with a given mean, as memoryless as whole sixteenths allow.
    public mutating func delay(mean: UInt64) -> UInt64 {
        guard mean > 0 else { return 0 }
        var sixteenths: UInt64 = 0
        while sixteenths < 128, below(17) != 0 { sixteenths += 1 }
        return mean * sixteenths / 16
    }
}
