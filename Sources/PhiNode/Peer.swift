import PhiCrypto
import PhiLedger
import PhiWire

/// What a node remembers of one connection.
struct Peer: Sendable {
    /// A request for headers that is under way.
    struct HeadersRequest: Sendable {
        let deadline: Timestamp
        /// The stretch that was asked for, if it was one.
        var stretch: StretchFetch.Place?
    }

    let handle: PeerHandle
    let identity: VerifyingKey
    var kind: LinkKind
    let way: WayFound
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
    /// The peer's chain as far as it was looked through, while it may turn out too short.
    var presync: HeaderPresync?
    /// Whether the peer has headers to look through that had to wait for others.
    var awaitsPresync = false
    /// The time before which the peer is not asked for headers.
    var headersAfter: Timestamp = .zero
    var pingNonce: UInt64?
    var pingSentAt: Timestamp
    var pingMilliseconds: UInt64?
    /// What concerns the passing on of blocks and entries.
    var relay = PeerRelay()
    /// What the peer sent of its own accord lately.
    var metering = Metering()
    /// Milliseconds of the fastest answer to a ping.
    var lowestPing: UInt64?
    /// When the peer last gave a block that was new here.
    var lastBlockAt: Timestamp?
    /// When the peer last gave an entry that was new here.
    var lastEntryAt: Timestamp?
    /// The tip of the peer's last greeting or ping, in its own words.
    var told: TipClaim?
    /// What is done about a peer that knows of less work than this node.
    var behind: Behind?
    /// Whether the peer is never replaced for knowing less.
    var isProtected = false
    /// Whether somebody from the same host misbehaved lately.
    var isSuspect = false
    /// The host that the peer sees this node at.
    var observed: PeerAddress?
    /// How many records the peer may still tell of.
    var meter: RecordMeter
    /// Times at which headers came that connect to nothing.
    var unconnected: [Timestamp] = []

    /// Since when a peer knows of less work than this node, and what was done.
    struct Behind: Sendable {
        let work: Work
        var deadline: Timestamp
        var wasAsked = false
    }

    /// Whether the peer called us.
    var isInbound: Bool { kind == .inbound }

    /// Whether both sides want entries and node records on this link.
    var sharesEntries: Bool { kind.carriesEntries && !relay.isQuiet }

    /// Bytes of the bodies that the peer owes.
    var blockBytes: UInt64 { blocks.values.reduce(0, +) }

    init(
        handle: PeerHandle,
        identity: VerifyingKey,
        kind: LinkKind,
        way: WayFound,
        address: PeerAddress?,
        now: Timestamp,
        policy: NodePolicy
    ) {
        self.handle = handle
        self.identity = identity
        self.kind = kind
        self.way = way
        meter = RecordMeter(now: now)
        self.address = address
        since = now
        known = RollingSet(limit: policy.knownPerPeer)
        reconcileAt = now
        pingSentAt = now
    }
}
