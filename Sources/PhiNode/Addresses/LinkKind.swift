/// What a connection is for.
public enum LinkKind: String, CaseIterable, Sendable {
    /// The peer called.
    case inbound
    /// A full link that the node chose.
    case outbound
    /// A link for blocks alone, of which nobody hears.
    case quiet
    /// A short call that finds out whether an address answers.
    case feeler
    /// A full link that the operator wants, beside those that the node chooses.
    case manual

    /// Whether entries and node records go over the link.
    var carriesEntries: Bool { self != .quiet && self != .feeler }

    /// Whether the link takes a place among those that the node chooses.
    var isChosen: Bool { self == .outbound || self == .quiet }
}
