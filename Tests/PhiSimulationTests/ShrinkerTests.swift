import PhiSimulation
import Testing

@Suite("Shrinking a failing seed") struct ShrinkerTests {
    /// A seed with many faults, of which one is to blame.
    static let seed: UInt64 = {
        let found = (1...1_000 as ClosedRange<UInt64>).first { seed in
            let scenario = Scenario(seed: seed)
            return scenario.faults.count >= 4 && scenario.dishonest.count >= 2 && scenario.nodes > 3
        }
        return found ?? 1
    }()

    @Test("leaves the one fault that is to blame, in the smallest network and the shortest time")
    func oneFault() {
        let whole = Scenario(seed: Self.seed)
        let guilty = whole.faults[2]
        let reduction = Shrinker.shrink(seed: Self.seed) { scenario in
            scenario.faults.contains { $0.seed == guilty.seed }
        }
        #expect(reduction.faults == [2])
        #expect(reduction.dishonest == [])
        #expect(reduction.nodes == 2)
        let smaller = Scenario(seed: Self.seed, reduction)
        #expect(smaller.faults.map(\.kind) == [guilty.kind])
        #expect(smaller.duration < whole.duration || guilty.start * 4 > whole.duration * 3)
        #expect(reduction.options.contains("--faults 2 --strangers none"))
    }

    @Test("leaves everything where everything is needed")
    func nothing() {
        let whole = Scenario(seed: Self.seed)
        let reduction = Shrinker.shrink(seed: Self.seed) { $0 == whole }
        #expect(reduction == Reduction())
        #expect(reduction.options.isEmpty)
        #expect(Scenario(seed: Self.seed, reduction) == whole)
    }

    @Test("runs no more than it may")
    func budget() {
        var runs = 0
        _ = Shrinker.shrink(seed: Self.seed, runs: 5) { _ in
            runs += 1
            return true
        }
        #expect(runs == 5)
    }
}
