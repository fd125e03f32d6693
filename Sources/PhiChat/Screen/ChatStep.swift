import PhiAPI

/// Where a line of the chat stands, from the moment in which it was written.
enum ChatStep: Equatable, Sendable {
    /// It waits here to be signed and stamped.
    case queued
    /// No node takes it, for a reason that may not pass.
    case refused(String)
    /// It stands on the ladder of delivery.
    case ladder(DeliveryStep)

    /// The mark before a line: one column, the same in every terminal.
    var mark: Character {
        switch self {
        case .queued, .ladder(.sending): ">"
        case .refused: "x"
        case .ladder(.pending): "~"
        case .ladder(.recorded): "+"
        case .ladder(.settled): "*"
        case .ladder(.deep): "#"
        case .ladder(.returned): "<"
        case .ladder(.expired): "!"
        case .ladder(.unknown): "?"
        }
    }

    /// The word of the ladder.
    var word: String {
        switch self {
        case .queued: "sending"
        case .refused: "refused"
        case .ladder(let step): step.rawValue
        }
    }

    /// What the marks mean.
    static let legend =
        "> sending  ~ pending  + recorded  * settled  # deep  < returned  ! expired  x refused"
}
