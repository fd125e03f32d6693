/// What became of a datagram on the local network, for a counter.
enum LANOutcome: String, CaseIterable, Sendable {
    /// A question of this network was answered.
    case answered
    /// An answer told where a node is.
    case learned
    /// It was the node's own question.
    case own
    /// It was a question of another network.
    case otherNetwork
    /// It came from no neighbor.
    case offLink
    /// It was neither question nor answer.
    case malformed
    /// An answer broke a rule of node records.
    case badRecord
    /// There were too many before it.
    case limited
    /// A question could not be answered, because the node takes no connections from that link.
    case notCallable
}
