import ArgumentParser
import PhiSimulation

/// The program's one command.
@main struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phi-simulate",
        abstract: "Simulates networks of real nodes under faults."
    )

    @Option(help: "The seed to run.") var seed: UInt64?
    @Option(help: "The last seed.") var to: UInt64?

    func run() throws {
        for seed in (seed ?? 1)...(to ?? seed ?? 1) {
            let outcome = Simulation.run(Scenario(seed: seed))
            print(seed, outcome.digest, outcome.elapsed, outcome.tally, outcome.violation as Any)
        }
    }
}
