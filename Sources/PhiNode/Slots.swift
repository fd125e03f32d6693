import PhiCrypto
import PhiLedger
import PhiWire

/// A call that is under way.
struct Dial: Sendable {
    let identity: VerifyingKey?
    let kind: LinkKind
    let way: WayFound
    let since: Timestamp
}

/// Nodes that a network was told of, so that asking again shows nothing more.
struct ToldRecords: Sendable {
    let identities: [VerifyingKey]
    let end: Timestamp
}

/// What a node keeps in mind of the links that it makes.
struct Slots: Sendable {
    /// When the node started.
    var startedAt: Timestamp = .zero
    /// Calls under way, by address.
    var dialing: [PeerAddress: Dial] = [:]
    var nextFeelerAt: Timestamp = .zero
    /// The anchors for the next start.
    var anchors: [Anchor] = []
    /// Counts the changes of the anchors.
    var anchorVersion: UInt64 = 0
    /// Anchors of the last run that were not called yet.
    var waitingAnchors: [Anchor] = []
    /// The nodes that were anchors of the last run.
    var formerAnchors: Set<VerifyingKey> = []
    /// The host that peers see this node at, once enough of them agree.
    var observed: PeerAddress?
    /// Records that came too fast to be looked at.
    var ignoredRecords: UInt64 = 0
    /// Answers to requests for peers, by the group that asked.
    var told: [NetworkGroup: ToldRecords] = [:]
    /// Since when no link carries entries though a quiet one stands.
    var lonelySince: Timestamp?
    /// The tip when it last changed, and when that was.
    var tip: Digest?
    var tipChangedAt: Timestamp = .zero
    /// Whether the tip has been silent for so long that one more peer is asked.
    var isTipStale = false
    /// The warnings about whom the node is connected with.
    var warnings: [String] = []
    var warnedAt: Timestamp = .zero
}
