import FoundationEssentials
import PhiSimulation

/// What is told of many runs.
struct Summary: Codable {
    /// One seed that broke a rule.
    struct Failure: Codable {
        let command: String
        let violation: Violation
    }

    let first: UInt64
    let last: UInt64
    var runs: UInt64 = 0
    var milliseconds: UInt64 = 0
    var faults: [String: UInt64] = [:]
    var strangers: [String: UInt64] = [:]
    var tally = Tally()
    var failures: [Failure] = []
    var wallSeconds = 0.0
    private let began: Date

    enum CodingKeys: String, CodingKey {
        case first, last, runs, milliseconds, faults, strangers, tally, failures, wallSeconds, began
    }

    init(of seeds: SeedRange) {
        first = seeds.first
        last = seeds.last
        began = Date()
    }

    mutating func add(_ report: Report) {
        runs += 1
        milliseconds += report.milliseconds
        for fault in report.faults { faults[fault, default: 0] += 1 }
        for stranger in report.strangers { strangers[stranger, default: 0] += 1 }
        tally.add(report.tally)
        wallSeconds = seconds
    }

    /// Seconds since the start.
    var seconds: Double { Date().timeIntervalSince(began) }

    private var rate: String {
        let tenths = Int(Double(runs) * 10 / max(0.001, seconds))
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// The progress on one line.
    var line: String {
        "\(runs) of \(last - first + 1) seeds, \(rate)/s, \(Description.span(milliseconds)) "
            + "simulated, \(failures.count) violations"
    }

    /// Everything at the end.
    var text: String {
        var lines = [
            "seeds          \(first)..\(last), \(runs) run in \(Int(seconds)) s (\(rate)/s)",
            "simulated      \(Description.span(milliseconds)), \(tally.steps) steps, "
                + "\(tally.messages) messages",
            "blocks         \(tally.blocks), \(tally.takenBack) taken back, "
                + "deepest reorganization \(tally.deepest)",
            "entries        \(tally.acknowledged) acknowledged, \(tally.receipts) receipts verified",
            "machines       \(tally.crashes) crashes, \(tally.lostBatches) batches lost with "
                + "power, \(tally.halts) halts for a failing disk",
            "partitions     \(tally.healed) healed; all agreed within "
                + "\(Description.seconds(tally.agreedAfter)) of the last fault",
        ]
        let kinds = faults.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        lines.append("faults         " + Self.list(kinds.map { "\($0.key) \($0.value)" }))
        let peers = strangers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        if !peers.isEmpty {
            lines.append("strangers      " + Self.list(peers.map { "\($0.key) \($0.value)" }))
        }
        lines.append("violations     \(failures.count)")
        for failure in failures { lines.append("  \(failure.command)") }
        return lines.joined(separator: "\n")
    }

    /// Words with commas, on lines that fit.
    private static func list(_ words: [String]) -> String {
        var lines = [""]
        for (place, word) in words.enumerated() {
            let text = place == words.count - 1 ? word : word + ", "
            if lines[lines.count - 1].count + text.count > 84 { lines.append("") }
            lines[lines.count - 1] += text
        }
        return lines.joined(separator: "\n               ")
    }

    /// The same as JSON.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
