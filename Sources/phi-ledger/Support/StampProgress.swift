import PhiAPI
import PhiClient

/// Shows what happens to an entry until it is delivered.
struct StampProgress: Sendable {
    private let line = ProgressLine()

    func show(_ step: Participant.Step) {
        switch step {
        case .deliversEarlier(let id):
            line.clear()
            Terminal.standardError.line(
                "Delivering the entry \(Wording.short(id))… of an earlier run first."
            )
        case .estimates(let estimate):
            line.show("Stamping: \(Wording.estimate(estimate)); Ctrl-C cancels", isUrgent: true)
        case .searches(let progress):
            let percent = Int(progress.estimate.chance(after: progress.hashes) * 100)
            line.show(
                "Stamping: \(percent) % of such stamps are done by now, "
                    + Wording.estimate(progress.estimate)
            )
        case .stamped: line.show("Stamped, submitting", isUrgent: true)
        case .submitted: line.clear()
        case .reached(let status):
            line.show("Waiting: \(status.status.rawValue), depth \(status.depth)", isUrgent: true)
        }
    }

    func end() { line.clear() }
}
