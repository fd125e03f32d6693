import PhiSimulation
import Testing

@Suite("A simulation") struct SimulationTests {
    @Test("breaks no rule", arguments: 1...20 as ClosedRange<UInt64>)
    func seeds(seed: UInt64) {
        let outcome = Simulation.run(Scenario(seed: seed))
        #expect(outcome.violation == nil)
    }
}
