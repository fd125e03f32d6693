import PhiSimulation
import Synchronization
import Testing

@Suite("A dishonest peer that is drawn apart") struct LaterBehaviorTests {
    @Test(
        "is noticed by the nodes, which keep to their rules",
        arguments: [
            (.neverReads, "recordQueries"), (.manyStamps, "rivalEntry"), (.lowWork, "lowWorkChain"),
            (.parentTime, "invalidHeader"),
        ] as [(Behavior, String)]
    )
    func noticed(behavior: Behavior, report: String) {
        let alone = Self.reports(of: report, dishonest: [])
        #expect(Self.reports(of: report, dishonest: [behavior]) > alone)
    }

    @Test("leaves every seed that is without it as it was")
    func apart() {
        let scenarios = (1...400 as ClosedRange<UInt64>).map { Scenario(seed: $0) }
        let later: Set<Behavior> = [.neverReads, .manyStamps, .lowWork, .parentTime]
        let met = scenarios.filter { !later.isDisjoint(with: $0.dishonest) }
        #expect((20...60).contains(met.count))
        #expect(met.allSatisfy { later.isDisjoint(with: $0.dishonest.dropLast()) })
    }

    /// How often nodes report something in one quiet run.
    private static func reports(of text: String, dishonest: [Behavior]) -> Int {
        var scenario = Scenario(seed: 3)
        scenario.faults = []
        scenario.duration = 60_000
        scenario.blockInterval = 1_000
        scenario.dishonest = dishonest
        let count = Mutex(0)
        var hooks = Hooks()
        hooks.narrate = { line in
            guard line.contains("report "), line.contains(text) else { return }
            count.withLock { $0 += 1 }
        }
        #expect(Simulation.run(scenario, hooks: hooks).violation == nil)
        return count.withLock { $0 }
    }
}
