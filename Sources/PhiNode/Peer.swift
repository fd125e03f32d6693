import PhiCrypto
import PhiLedger
import PhiWire

/// What a node remembers of one connection.
struct Peer: Sendable {
    /// A request for headers that is under way.
    struct HeadersRequest: Sendable {
        let deadline: Timestamp
    }

    let handle: PeerHandle
    let identity: VerifyingKey
    let isInbound: Bool
    let address: PeerAddress?
    let since: Timestamp
    /// Whether the peer's `hello` was taken.
    var isReady = false
    /// The tip that the peer told last.
    var claim: TipClaim?
    /// Leaf hashes that the peer has, as far as we know.
    var known: RollingSet
    /// Leaf hashes that wait to be announced to the peer.
    var announcements: [Digest] = []
    var announceAt: Timestamp?
    var reconcileAt: Timestamp
    /// When a sketch of the peer was last answered.
    var sketchAnsweredAt: Timestamp?
    /// Blocks that the peer was asked for and owes, with the bytes of their bodies.
    var blocks: [Digest: UInt64] = [:]
    /// When the peer began to owe blocks, or gave the last one.
    var downloadingSince: Timestamp = .zero
    /// Whether the peer has given a body that was right.
    var hasProven = false
    /// Entries that were asked from the peer.
    var entriesInFlight = 0
    /// Entries that the peer announced and that were not asked for yet.
    var announcedByPeer = 0
    var headersRequest: HeadersRequest?
    /// When a header of the peer lay too far in the future, the time to ask again.
    var retryHeadersAt: Timestamp?
    var pingNonce: UInt64?
    var pingSentAt: Timestamp
    var pingMilliseconds: UInt64?
    /// Times at which headers came that connect to nothing.
    var unconnected: [Timestamp] = []

    /// Bytes of the bodies that the peer owes.
    var blockBytes: UInt64 { blocks.values.reduce(0, +) }

    init(
        handle: PeerHandle,
        identity: VerifyingKey,
        isInbound: Bool,
        address: PeerAddress?,
        now: Timestamp,
        policy: NodePolicy
    ) {
        self.handle = handle
        self.identity = identity
        self.isInbound = isInbound
        self.address = address
        since = now
        known = RollingSet(limit: policy.knownPerPeer)
        reconcileAt = now
        pingSentAt = now
    }
}
