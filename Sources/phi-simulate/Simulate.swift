import ArgumentParser
import Glibc
import PhiSimulation

/// The program's one command.
@main struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phi-simulate",
        abstract: "Runs networks of real nodes in one thread, under faults that a seed fixes.",
        discussion: """
            Every run is fixed by its seed: the nodes, what goes wrong, and when. After every step \
            of a node the rules of the ledger are checked. A seed that breaks one is made as small \
            as it gets and printed as one command.

            EXAMPLES
              phi-simulate --seed 7                      one run, in full
              phi-simulate --seed 7 --faults 0,2 --nodes 2
                                                         a part of it
              phi-simulate --seed 7 --trace --no-shrink  everything that happens, line by line
              phi-simulate --seeds 1..10000 --jobs 4     many runs, with a summary
              phi-simulate --seeds 1..500 --json         a line of JSON for each run

            EXIT STATUS
              0 when no rule was broken, 1 when one was, 64 for wrong arguments, 130 after Ctrl-C.
            """
    )

    @Option(help: ArgumentHelp("The one seed to run.", valueName: "number"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("The seeds to run, first and last.", valueName: "first..last"))
    var seeds: SeedRange?

    @Option(help: "How many processes run seeds at once.")
    var jobs = 1

    @Option(help: "With --seed: how many of its nodes there are.")
    var nodes: Int?

    @Option(help: "With --seed: for how many milliseconds things go wrong.")
    var duration: UInt64?

    @Option(help: "With --seed: which of its faults happen, by their numbers, or 'none'.")
    var faults: Places?

    @Option(help: "With --seed: which of its dishonest peers are there, or 'none'.")
    var strangers: Places?

    @Flag(inversion: .prefixedNo, help: "Make a failing seed smaller before it is printed.")
    var shrink = true

    @Flag(help: "With --seed: print what every node is told and what it does, line by line.")
    var trace = false

    @Flag(help: "Print JSON: one line for each run, and one for all.")
    var json = false

    @Flag(help: .hidden)
    var worker = false

    func validate() throws {
        guard worker || (seed == nil) != (seeds == nil) else {
            throw ValidationError("Give either --seed or --seeds.")
        }
        guard (1...256).contains(jobs) else {
            throw ValidationError("--jobs is \(jobs); it must lie in 1...256.")
        }
        if let nodes, !(2...Scenario.nodeLimit).contains(nodes) {
            throw ValidationError("--nodes is \(nodes); it must lie in 2...\(Scenario.nodeLimit).")
        }
        let reduces = nodes != nil || duration != nil || faults != nil || strangers != nil
        if trace, seed == nil || json {
            throw ValidationError("--trace goes with --seed, and not with --json.")
        }
        if reduces, seed == nil {
            throw ValidationError("A part of a scenario is run with --seed.")
        }
    }

    func run() throws {
        if worker { return Worker.run() }
        if let seed {
            let report = try runOne(seed)
            if report.violation != nil { throw ExitCode(1) }
            return
        }
        guard let seeds else { return }
        var night = Night(seeds: seeds, jobs: jobs, shrinks: shrink, isJSON: json)
        let code = try night.run()
        if code != 0 { throw ExitCode(code) }
    }

    private func runOne(_ seed: UInt64) throws -> Report {
        var reduction = Reduction()
        reduction.nodes = nodes
        reduction.duration = duration
        reduction.faults = faults?.numbers
        reduction.dishonest = strangers?.numbers
        let scenario = Scenario(seed: seed, reduction)
        var hooks = Hooks()
        if trace { hooks.narrate = { print($0) } }
        let report = Report(Simulation.run(scenario, hooks: hooks))
        if json {
            print(try report.json())
        } else {
            print(Description.of(scenario))
            print(Description.of(report))
        }
        if shrink, reduction == Reduction(), let violation = report.violation {
            let command = Shrinking.command(seed, violation.invariant)
            print(json ? "{\"command\":\"\(command)\"}" : "to see it in less:\n  \(command)")
        }
        return report
    }
}

/// The first and the last of many seeds.
struct SeedRange: ExpressibleByArgument {
    let first: UInt64
    let last: UInt64

    init?(argument: String) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: true)
        guard argument.contains(".."), parts.count == 2, let first = UInt64(parts[0]),
            let last = UInt64(parts[1]), first <= last, last - first < 100_000_000
        else { return nil }
        self.first = first
        self.last = last
    }

    var count: UInt64 { last - first + 1 }
}

/// Places in a list, from nought.
struct Places: ExpressibleByArgument {
    let numbers: [Int]

    init?(argument: String) {
        if argument == "none" {
            numbers = []
            return
        }
        let parts = argument.split(separator: ",")
        numbers = parts.compactMap { Int($0) }
        guard !parts.isEmpty, numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }) else {
            return nil
        }
    }
}
