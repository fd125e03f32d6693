/// What a peer does that keeps to no rule.
public enum Behavior: String, CaseIterable, Sendable {
    /// Says nothing that anybody understands.
    case garbage
}
