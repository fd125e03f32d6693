import ArgumentParser
import FoundationEssentials
import Glibc
import PhiSimulation
import Synchronization

/// Whether the user has asked to stop.
private let isInterrupted = Atomic<Bool>(false)

/// Many seeds, run by many processes.
struct Night {
    private let seeds: SeedRange
    private let jobs: Int
    private let shrinks: Bool
    private let isJSON: Bool
    private var summary: Summary
    private var children: [Child] = []
    private var next: UInt64
    private var lastLine: Int = 0

    init(seeds: SeedRange, jobs: Int, shrinks: Bool, isJSON: Bool) {
        self.seeds = seeds
        self.jobs = jobs
        self.shrinks = shrinks
        self.isJSON = isJSON
        next = seeds.first
        summary = Summary(of: seeds)
    }

    /// Runs all seeds, or as many as there is time for.
    ///
    /// - Returns: The program's exit status.
    mutating func run() throws -> Int32 {
        signal(SIGINT) { _ in isInterrupted.store(true, ordering: .relaxed) }
        signal(SIGPIPE, SIG_IGN)
        for _ in 0..<Int(min(UInt64(jobs), seeds.count)) { try hire() }
        while !children.isEmpty, !isInterrupted.load(ordering: .relaxed) {
            try wait()
            showProgress()
        }
        for child in children { child.end() }
        children = []
        try finish()
        if isInterrupted.load(ordering: .relaxed) { return 130 }
        return summary.failures.isEmpty ? 0 : 1
    }

    private mutating func hire() throws {
        guard next <= seeds.last else { return }
        guard var child = Child() else { throw ValidationError("No process can be started.") }
        child.give(next)
        next += 1
        children.append(child)
    }

    /// Waits until a worker says something, and gives it more to do.
    private mutating func wait() throws {
        var polls = children.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
        guard unsafe poll(&polls, nfds_t(polls.count), 1_000) > 0 else { return }
        for place in children.indices.reversed() where polls[place].revents != 0 {
            guard let lines = children[place].read() else {
                try bury(place)
                continue
            }
            for line in lines {
                try take(Report.decode(line))
                children[place].seed = nil
            }
            guard children[place].seed == nil else { continue }
            if next <= seeds.last {
                children[place].give(next)
                next += 1
            } else {
                _ = children[place].reap()
                children.remove(at: place)
            }
        }
    }

    /// A worker died in the middle of a run.
    private mutating func bury(_ place: Int) throws {
        let child = children.remove(at: place)
        let status = child.reap()
        guard !isInterrupted.load(ordering: .relaxed) else { return }
        if let seed = child.seed { try take(Report(deadAt: seed, status: status)) }
        try hire()
    }

    private mutating func take(_ report: Report) throws {
        summary.add(report)
        if isJSON { print(try report.json()) }
        guard let violation = report.violation else { return }
        let isDead = report.digest.isEmpty
        let command =
            shrinks && !isDead
            ? Shrinking.command(report.seed, violation.invariant)
            : "phi-simulate --seed \(report.seed)"
        summary.failures.append(Summary.Failure(command: command, violation: violation))
        if !isJSON {
            clearLine()
            print("seed \(report.seed): \(Description.of(violation))\n  \(command)")
        }
        fflush(nil)
    }

    // What is shown meanwhile.

    private var isTerminal: Bool { isatty(2) == 1 }

    private func clearLine() {
        if isTerminal { write("\r\u{1b}[K") }
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
    }

    private mutating func showProgress() {
        let second = Int(summary.seconds)
        guard second >= lastLine + (isTerminal ? 1 : 30) else { return }
        lastLine = second
        write((isTerminal ? "\r\u{1b}[K" : "") + summary.line + (isTerminal ? "" : "\n"))
    }

    private func finish() throws {
        clearLine()
        print(isJSON ? try summary.json() : summary.text)
    }
}
