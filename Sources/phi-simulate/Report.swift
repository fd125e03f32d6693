import FoundationEssentials
import PhiSimulation

/// What is told of one run.
struct Report: Codable {
    let seed: UInt64
    let size: String
    let digest: String
    let milliseconds: UInt64
    let faults: [String]
    let strangers: [String]
    let tally: Tally
    var violation: Violation?

    init(_ outcome: Simulation.Outcome) {
        seed = outcome.scenario.seed
        size = outcome.scenario.size.rawValue
        digest = outcome.digest
        milliseconds = outcome.elapsed
        faults = outcome.scenario.faults.map(\.kind.rawValue)
        strangers = outcome.scenario.dishonest.map(\.rawValue)
        tally = outcome.tally
        violation = outcome.violation
    }

    /// A run whose process died.
    init(deadAt seed: UInt64, status: String) {
        let scenario = Scenario(seed: seed)
        self.seed = seed
        size = scenario.size.rawValue
        digest = ""
        milliseconds = 0
        faults = scenario.faults.map(\.kind.rawValue)
        strangers = scenario.dishonest.map(\.rawValue)
        tally = Tally()
        violation = Violation(
            invariant: .noHalt,
            member: 0,
            time: 0,
            detail: "the process died: \(status)"
        )
    }

    /// The report on one line.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    static func decode(_ line: String) throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(line.utf8))
    }
}

/// Makes the commands that show failures in less.
enum Shrinking {
    static func command(_ seed: UInt64, _ invariant: Invariant) -> String {
        let reduction = Shrinker.shrink(seed: seed) { scenario in
            Simulation.run(scenario).violation?.invariant == invariant
        }
        return "phi-simulate --seed \(seed)\(reduction.options)"
    }
}
