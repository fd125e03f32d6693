/// Makes a scenario that fails as small as it gets while it still fails the same way.
public struct Shrinker {
    private let seed: UInt64
    private let fails: (Scenario) -> Bool
    private var budget: Int
    private var best = Reduction()

    /// Looks for the smallest part of a seed's scenario that fails.
    ///
    /// - Parameters:
    ///   - seed: The seed.
    ///   - runs: Runs at most.
    ///   - fails: Runs a scenario and says whether it fails in the same way.
    /// - Returns: The smallest part that was found to fail.
    public static func shrink(
        seed: UInt64,
        runs: Int = 200,
        _ fails: @escaping (Scenario) -> Bool
    ) -> Reduction {
        var shrinker = Shrinker(seed: seed, fails: fails, budget: runs)
        var before: Reduction?
        while before != shrinker.best, shrinker.budget > 0 {
            before = shrinker.best
            shrinker.dropDishonest()
            shrinker.dropFaults()
            shrinker.dropNodes()
            shrinker.shorten()
        }
        return shrinker.best
    }

    private init(seed: UInt64, fails: @escaping (Scenario) -> Bool, budget: Int) {
        self.seed = seed
        self.fails = fails
        self.budget = budget
    }

    private var scenario: Scenario { Scenario(seed: seed, best) }

    /// Takes a smaller part over if it fails as well.
    private mutating func attempt(_ change: (inout Reduction) -> Void) -> Bool {
        guard budget > 0 else { return false }
        var smaller = best
        change(&smaller)
        guard smaller != best else { return false }
        budget -= 1
        guard fails(Scenario(seed: seed, smaller)) else { return false }
        best = smaller
        return true
    }

    private mutating func dropDishonest() {
        var kept = best.dishonest ?? Array(Scenario(seed: seed).dishonest.indices)
        for place in kept.reversed() {
            let rest = kept.filter { $0 != place }
            if attempt({ $0.dishonest = rest }) { kept = rest }
        }
    }

    private mutating func dropFaults() {
        var kept = best.faults ?? Array(Scenario(seed: seed).faults.indices)
        if kept.count > 1, attempt({ $0.faults = [] }) { return }
        for place in kept.reversed() {
            let rest = kept.filter { $0 != place }
            if attempt({ $0.faults = rest }) { kept = rest }
        }
    }

    private mutating func dropNodes() {
        for count in 2..<max(2, scenario.nodes) where attempt({ $0.nodes = count }) { return }
    }

    private mutating func shorten() {
        let whole = scenario.duration
        for part in [8, 4, 2] as [UInt64] where attempt({ $0.duration = whole / part }) {
            return
        }
        let shorter = whole / 4 * 3
        _ = attempt { $0.duration = shorter }
    }
}
