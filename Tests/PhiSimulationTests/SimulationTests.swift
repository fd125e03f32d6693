import Foundation
import PhiSimulation
import Synchronization
import Testing

@Suite("A simulation") struct SimulationTests {
    @Test("breaks no rule", arguments: 1...24 as ClosedRange<UInt64>)
    func seeds(seed: UInt64) {
        let outcome = Simulation.run(Scenario(seed: seed))
        #expect(outcome.violation == nil)
        #expect(outcome.tally.steps > 0)
    }

    @Test(
        "breaks no rule where it once did",
        arguments: [
            20_280, 20_313, 40_517, 100_681, 103_249, 103_332, 104_484, 105_357, 108_126, 108_544,
            108_570,
        ] as [UInt64]
    )
    func repaired(seed: UInt64) {
        #expect(Simulation.run(Scenario(seed: seed)).violation == nil)
    }

    @Test("tells what happens to a node, and nothing else changes by it")
    func narrates() {
        let lines = Mutex<[String]>([])
        var hooks = Hooks()
        hooks.narrate = { line in lines.withLock { $0.append(line) } }
        let told = Simulation.run(Scenario(seed: 3), hooks: hooks)
        #expect(told == Simulation.run(Scenario(seed: 3)))
        let texts = lines.withLock { $0 }
        #expect(texts.contains { $0.hasSuffix("starts") })
        #expect(texts.contains { $0.contains("  connected 1:") })
    }

    @Test("does the same again with one seed", arguments: [3, 17] as [UInt64])
    func replay(seed: UInt64) {
        let first = Simulation.run(Scenario(seed: seed))
        #expect(Simulation.run(Scenario(seed: seed)) == first)
        #expect(Simulation.run(Scenario(seed: seed + 1)).digest != first.digest)
    }

    @Test("does the same in another process", arguments: [3, 17] as [UInt64])
    func otherProcess(seed: UInt64) throws {
        let here = Simulation.run(Scenario(seed: seed))
        for _ in 0..<2 {
            let process = Process()
            let pipe = Pipe()
            process.executableURL = try Self.location()
            process.arguments = ["--seed", "\(seed)", "--json", "--no-shrink"]
            process.standardOutput = pipe
            try process.run()
            let text = String(
                decoding: pipe.fileHandleForReading.readDataToEndOfFile(),
                as: UTF8.self
            )
            process.waitUntilExit()
            #expect(text.contains("\"digest\":\"\(here.digest)\""))
        }
    }

    /// The program stands beside the bundle of the tests.
    private static func location() throws -> URL {
        for start in CommandLine.arguments + [Bundle.main.bundlePath] {
            var folder = URL(filePath: start)
            for _ in 0..<5 {
                folder.deleteLastPathComponent()
                let program = folder.appending(path: "phi-simulate")
                let values = try? program.resourceValues(forKeys: [.isRegularFileKey])
                if values?.isRegularFile == true { return program }
            }
        }
        throw CocoaError(.fileNoSuchFile)
    }

    @Test("meets every kind of fault and every dishonest peer in a few hundred seeds")
    func variety() {
        let scenarios = (1...600 as ClosedRange<UInt64>).map { Scenario(seed: $0) }
        let faults = Set(scenarios.flatMap(\.faults).map(\.kind))
        #expect(faults == Set(FaultKind.allCases))
        #expect(Set(scenarios.flatMap(\.dishonest)) == Set(Behavior.allCases))
        #expect(Set(scenarios.map(\.size)).count >= 2)
    }
}
