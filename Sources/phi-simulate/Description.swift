import PhiSimulation

/// What people read of a run.
enum Description {
    static func of(_ scenario: Scenario) -> String {
        var lines = [
            "seed \(scenario.seed), \(scenario.size.rawValue): \(scenario.nodes) nodes for "
                + "\(seconds(scenario.duration)), a block in \(seconds(UInt64(scenario.blockInterval)))"
        ]
        for (place, fault) in scenario.faults.enumerated() {
            lines.append(
                "  fault \(place): \(fault.kind.rawValue) from \(seconds(fault.start)) "
                    + "for \(seconds(fault.duration))"
            )
        }
        for (place, behavior) in scenario.dishonest.enumerated() {
            lines.append("  stranger \(place): \(behavior.rawValue)")
        }
        return lines.joined(separator: "\n")
    }

    static func of(_ report: Report) -> String {
        let tally = report.tally
        var lines = [
            "simulated \(seconds(report.milliseconds)): \(tally.steps) steps, "
                + "\(tally.messages) messages, \(tally.blocks) blocks (\(tally.takenBack) taken "
                + "back), \(tally.acknowledged) entries, \(tally.crashes) crashes, all agreed "
                + "\(seconds(tally.agreedAfter)) after the end of the last fault",
            "digest \(report.digest)",
        ]
        if let violation = report.violation { lines.append(of(violation)) }
        return lines.joined(separator: "\n")
    }

    static func of(_ violation: Violation) -> String {
        "VIOLATION of \(violation.invariant.rawValue) by node \(violation.member) at "
            + "\(seconds(violation.time)): \(violation.detail)"
    }

    static func seconds(_ milliseconds: UInt64) -> String {
        let thousandths = String(milliseconds % 1_000 + 1_000).dropFirst()
        return milliseconds % 1_000 == 0
            ? "\(milliseconds / 1_000) s" : "\(milliseconds / 1_000).\(thousandths) s"
    }

    static func span(_ milliseconds: UInt64) -> String {
        let hours = milliseconds / 3_600_000
        if hours >= 48 { return "\(hours / 24) days \(hours % 24) h" }
        return hours > 0
            ? "\(hours) h \(milliseconds / 60_000 % 60) min" : "\(milliseconds / 60_000) min"
    }
}
