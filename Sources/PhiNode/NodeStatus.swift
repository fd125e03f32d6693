public import PhiConsensus
public import PhiCrypto
public import PhiLedger
public import PhiWire

/// What a node says about itself at one moment.
public struct NodeStatus: Equatable, Sendable {
    /// How far the node is with the chain.
    public enum Sync: String, Sendable {
        /// No peer has told its tip yet.
        case waiting
        /// Headers or blocks are being fetched.
        case syncing
        /// The tip is the best that any peer has told of.
        case synced
    }

    /// The last connected block.
    public var tip: ValidHeader
    /// The height of the best header known, connected or not.
    public var bestHeaderHeight: Height
    /// How far the node is with the chain.
    public var sync: Sync
    /// Entries in the pool.
    public var pooledEntries: Int
    /// Bytes of the entries in the pool.
    public var pooledBytes: Int
    /// The least density that the pool takes now.
    public var minimumDensity: UInt64
    /// Peers past the handshake.
    public var peers: [PeerStatus]
    /// The node's own chain of warnings that an operator should read, as constant phrases.
    public var warnings: [String]
    /// Reorganizations since the start, and the deepest of them in blocks.
    public var reorganizations: Int
    /// The deepest reorganization since the start, in blocks.
    public var deepestReorganization: UInt32
    /// Memory that the node holds for peers and because of them.
    public var memory = MemoryUse()
    /// The host that peers see this node at; its port means nothing.
    public var observedAddress: PeerAddress?
    /// Addresses that the node knows of.
    public var knownAddresses = 0
    /// Addresses among them that have answered.
    public var triedAddresses = 0
    /// Node records of peers that came too fast to be looked at.
    public var ignoredRecords: UInt64 = 0
}

/// What a node says about one peer.
public struct PeerStatus: Equatable, Sendable {
    /// The number of the connection.
    public var connection: UInt64
    /// The peer's identity.
    public var identity: VerifyingKey
    /// Where the connection goes to or comes from.
    public var address: PeerAddress?
    /// Whether the peer called us.
    public var isInbound: Bool
    /// What the connection is for.
    public var kind = LinkKind.outbound
    /// How the node found the peer.
    public var way = WayFound.peers
    /// The height that the peer last told.
    public var height: Height
    /// Milliseconds of the last ping, nil before the first answer.
    public var pingMilliseconds: UInt64?
    /// When the connection was made.
    public var since: Timestamp
}

/// An entry in the pool.
public struct PooledEntry: Hashable, Sendable {
    /// The entry.
    public internal(set) var valid: ValidEntry
    /// Where the entry stands in the order of arrival.
    public let arrival: UInt64
    /// When the entry arrived.
    public let since: Timestamp
    /// Whether the entry is kept over a restart: it was submitted here, or such a one stands on it.
    public internal(set) var isOwn: Bool
}

/// Why a submitted entry was refused.
public enum SubmitRefusal: Error, Equatable, Sendable {
    /// The entry is wrong in itself.
    case violation(EntryViolation)
    /// The entry has no place at the tip.
    case context(ContextViolation)
    /// The chain has the entry already.
    case recorded
    /// The pool has the entry, or another with its number, already.
    case pooled(id: Digest)
    /// The pool holds too much of this author.
    case authorFull(limit: Int)
    /// The pool holds too much of this meeting.
    case meetingFull(limit: Int)
    /// The pool is full of denser entries.
    case densityTooLow(minimum: UInt64, found: UInt64)
    /// The entry's anchor lies above the tip.
    case anchorAhead(tip: Height, found: Height)
    /// The node has more submissions to judge than it takes.
    case busy
    /// The store can no longer write.
    case store(String)

    /// Whether the same entry is refused again as long as the chain only grows.
    var isLasting: Bool {
        switch self {
        case .violation, .context, .recorded, .pooled: true
        case .authorFull, .meetingFull, .densityTooLow, .anchorAhead, .busy, .store: false
        }
    }
}

/// What the pool knows of a meeting's or an author's waiting entries, or of one entry.
public enum PoolQuery: Sendable {
    /// The entry of an id.
    case entry(Digest)
    /// All entries of a meeting, in the order in which they follow each other.
    case meeting(Digest)
    /// All entries of an author, in the order of arrival.
    case author(VerifyingKey)
    /// The first entries of the pool in the order of arrival.
    case all(limit: Int)
}
