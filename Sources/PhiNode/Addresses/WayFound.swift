/// How a node found a peer.
public enum WayFound: UInt8, CaseIterable, Sendable {
    /// The operator named it.
    case manual = 1
    /// An invitation link named it.
    case link = 2
    /// The genesis file names it.
    case seed = 3
    /// It answered in the local network.
    case lan = 4
    /// Other peers told of it.
    case peers = 5
    /// It was an anchor when the node last ran.
    case anchor = 6
    /// It called.
    case incoming = 7

    init(_ way: WayIn) {
        switch way {
        case .manual: self = .manual
        case .link: self = .link
        case .seed: self = .seed
        case .lan: self = .lan
        }
    }

    /// The word for it in documents.
    public var name: String { "\(self)" }
}
