public import PhiCrypto

/// Why two nodes did not come to trust a connection.
public enum HandshakeFailure: Error, Hashable, Sendable {
    /// The handshake was not done in time.
    case timedOut
    /// The peer did not show exactly one certificate.
    case certificateCount(Int)
    /// The peer's certificate holds no Ed25519 key.
    case notEd25519
    /// The peer's key is not canonical or of small order, so that holding it proves nothing.
    case weakKey
    /// The peer is this node.
    case ourselves
    /// The peer dialled has another key than the one expected.
    case unexpectedKey(found: VerifyingKey)
    /// The peer speaks another protocol, or names none.
    case wrongProtocol(String?)
    /// The peer's certificate was never judged, as in a resumed session.
    case notJudged
    /// The connection ended during the handshake.
    case closed
    /// TLS refused the peer, or was refused by it.
    case refused(description: String)
}

/// Why a dial led to no connection.
public enum DialFailure: Error, Hashable, Sendable {
    /// Nobody answered at the address.
    case unreachable(description: String)
    /// Somebody answered who is not the peer that was sought.
    case handshake(HandshakeFailure)
    /// This node is going down.
    case shutdown
}
