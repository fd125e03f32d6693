/// How a node came to know where a peer is, apart from what it remembers and what peers tell.
public enum WayIn: String, CaseIterable, Sendable {
    /// The operator named it.
    case manual
    /// A meeting's link carried it.
    case link
    /// The network's genesis file names it.
    case seed
    /// It answered on the local network.
    case lan
}
