/// Why a connection is over.
public enum PeerDeparture: Hashable, Sendable {
    /// This node closed it, for the reason given.
    case closedHere(reason: String)
    /// The peer closed it or vanished; no blame follows from either.
    case closedByPeer
    /// The peer said nothing for longer than the idle time.
    case silent
    /// The peer broke a rule of framing.
    case violation(FrameViolation)
    /// This node is going down.
    case shutdown
    /// TLS or the system gave the connection up; a dialled peer that refuses our key ends so.
    case lost(description: String)
}
