public import PhiClient
import Synchronization

/// Passes the steps of a participant on: to the command before the chat, to the screen during it.
public final class ChatProgress: Sendable {
    private let otherwise: @Sendable (Participant.Step) -> Void
    private let target = Mutex<(@Sendable (String?) -> Void)?>(nil)

    /// Steps go to a closure as long as no chat takes them.
    public init(otherwise: @escaping @Sendable (Participant.Step) -> Void) {
        self.otherwise = otherwise
    }

    /// Takes in a step.
    public func observe(_ step: Participant.Step) {
        guard let target = target.withLock({ $0 }) else { return otherwise(step) }
        target(Self.text(of: step))
    }

    /// Leads the steps to another place, as texts; nil ends that.
    func redirect(_ target: (@Sendable (String?) -> Void)?) {
        self.target.withLock { $0 = target }
    }

    private static func text(of step: Participant.Step) -> String? {
        switch step {
        case .deliversEarlier: "delivering what was signed before"
        case .estimates(let estimate): "stamping, about \(seconds(estimate.expected))"
        case .searches(let progress):
            "stamping, about \(seconds(progress.estimate.expected)): "
                + "\(Int(progress.estimate.chance(after: progress.hashes) * 100)) %"
        case .stamped: "submitting"
        case .submitted, .reached: nil
        }
    }

    private static func seconds(_ span: Duration) -> String {
        let tenths = Int(min(span.inSeconds, 86_400) * 10)
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
