/// What the network tells the node.
///
/// The calls about one connection come one after the other: `opened` first, then each frame, then
/// `closed`. The next frame is not read while the node has not come back from the last one, so a peer
/// that is not listened to fills its own socket.
public struct PeerEvents: Sendable {
    /// A peer has proved its key; the answer says whether to keep it.
    ///
    /// A dialled peer may still refuse our key: in TLS 1.3 the dialling side is done before the other
    /// has judged it. Count on an outbound peer only when it has sent a frame.
    public var opened: @Sendable (PeerConnection) async -> Bool
    /// A frame came.
    public var received: @Sendable (PeerConnection, Frame) async -> Void
    /// A connection is over; called once for each that was kept.
    public var closed: @Sendable (PeerConnection, PeerDeparture) async -> Void
    /// A dial led to no connection.
    public var dialFailed: @Sendable (PeerAddress, DialFailure) async -> Void
    /// Somebody called who did not come through the handshake.
    public var handshakeFailed: @Sendable () async -> Void

    /// Makes the set of calls.
    public init(
        opened: @escaping @Sendable (PeerConnection) async -> Bool,
        received: @escaping @Sendable (PeerConnection, Frame) async -> Void,
        closed: @escaping @Sendable (PeerConnection, PeerDeparture) async -> Void,
        dialFailed: @escaping @Sendable (PeerAddress, DialFailure) async -> Void,
        handshakeFailed: @escaping @Sendable () async -> Void = {}
    ) {
        self.opened = opened
        self.received = received
        self.closed = closed
        self.dialFailed = dialFailed
        self.handshakeFailed = handshakeFailed
    }
}
