import PhiCrypto
import PhiWire

/// A peer that a node calls first when it starts again, so that nobody can use the restart.
struct Anchor: Equatable, Sendable {
    /// Anchors that are kept.
    static let limit = 4
    /// Anchors that are called at a start, and links that are kept as anchors.
    static let callLimit = 2

    let address: PeerAddress
    let identity: VerifyingKey
    /// Whether the link was a quiet one.
    let isQuiet: Bool
}
