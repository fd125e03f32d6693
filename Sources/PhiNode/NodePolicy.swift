public import PhiCrypto

/// What a node decides for itself: limits, patience and manners, none of it consensus.
public struct NodePolicy: Hashable, Sendable {
    /// Connections that the node makes and holds.
    public var outboundPeers = 8
    /// Connections that the node takes.
    public var inboundPeers = 40
    /// Milliseconds that a peer has for its first message.
    public var helloPatience: UInt64 = 10_000
    /// Milliseconds between two pings to a peer.
    public var pingInterval: UInt64 = 20_000
    /// Milliseconds that a peer has to answer a ping.
    public var pingPatience: UInt64 = 60_000
    /// Milliseconds that a peer has to answer a request for headers.
    public var headersPatience: UInt64 = 30_000
    /// Milliseconds that a peer has to deliver a block.
    public var blockPatience: UInt64 = 20_000
    /// Milliseconds more for each other peer that owes blocks at the same time.
    public var blockPatiencePerPeer: UInt64 = 10_000
    /// Milliseconds that one peer may hold all blocks up, at first.
    public var stallTimeout: UInt64 = 2_000
    /// Milliseconds that one peer may hold all blocks up, after many that did.
    public var stallTimeoutLimit: UInt64 = 64_000
    /// Peers that are asked for one block before any of them has failed.
    public var sourcesPerBlock = 4
    /// Milliseconds without a block on the way to a better tip before the present one counts.
    public var stallPatience: UInt64 = 2_000
    /// Milliseconds after which an entry is asked from another peer.
    public var entryPatience: UInt64 = 2_000
    /// Mean of the random delay before entries are announced to peers that we called, in ms.
    public var outboundRelayDelay: UInt64 = 100
    /// Mean of the random delay before entries are announced to peers that called us, in ms.
    public var inboundRelayDelay: UInt64 = 200
    /// Milliseconds between two reconciliations with a peer.
    public var reconcileInterval: UInt64 = 10_000
    /// Milliseconds of a peer's misdeed before it may come again.
    public var discouragement: UInt64 = 24 * 60 * 60 * 1_000
    /// Peers that are remembered as misbehaving; the one that may come soonest goes first.
    public var discouragedPeers = 10_000
    /// Blocks ahead of the tip that may be asked for.
    public var blockWindow = 1_024
    /// Blocks under way from one peer.
    public var blocksPerPeer = 16
    /// Bytes of bodies under way from one peer, unless one body alone has more.
    ///
    /// It lies below the send queue of a peer, which would drop us otherwise.
    public var blockBytesPerPeer: UInt64 = 3 << 19
    /// A block whose signatures and stamps, and those of all before it, the operator vouches for.
    public var assumedValid: Digest?
    /// Milliseconds of work at the present difficulty that must lie on a block before it is
    /// assumed valid: two weeks.
    public var assumedValidTime: UInt64 = 14 * 24 * 60 * 60 * 1_000
    /// Bytes of entries in one answer to a peer.
    public var entryBytesPerAnswer = 1 << 20
    /// Bytes of the bodies that were asked for or wait to be connected.
    public var blockBytes: UInt64 = 64 << 20
    /// Headers known ahead of the tip before no more are asked for.
    public var headersAhead = 65_536
    /// Entries under way from one peer.
    public var entriesPerPeer = 256
    /// Announcements of one peer that are remembered and not yet asked for.
    public var announcementsPerPeer = 5_000
    /// Entries whose signatures are being checked for peers.
    public var entriesInJudgement = 4_096
    /// Leaf hashes remembered as known to a peer.
    public var knownPerPeer = 5_600
    /// Leaf hashes remembered as refused or recorded.
    public var rememberedLeaves = 100_000
    /// Bytes of the entries in the pool.
    public var poolBytes = 64 << 20
    /// Entries in the pool.
    public var poolEntries = 50_000
    /// Entries of one author in the pool.
    public var poolEntriesPerAuthor = 64
    /// Bytes of one author's entries in the pool.
    public var poolBytesPerAuthor = 1 << 20
    /// Entries of one peer that wait for entries before them.
    public var orphansPerPeer = 100
    /// Bytes of all entries that wait for entries before them.
    public var orphanBytes = 1 << 20
    /// Milliseconds that an entry waits for entries before it.
    public var orphanPatience: UInt64 = 20 * 60 * 1_000
    /// Bytes of a block's body that the miner fills at the ordinary price.
    public var softBodyBytes = 131_072
    /// How many times the least density an entry needs past the soft limit.
    public var surchargeFactor: UInt64 = 8
    /// Node records that are remembered.
    public var knownRecords = 1_000
    /// Times in ten minutes that a peer may send headers that connect to nothing.
    public var unconnectedHeaders = 10
    /// Whether the node and its peers stand on one machine or one local network.
    public var isLocal = false

    /// The numbers of the design's pages.
    public init() {}

    /// Numbers for nodes on one machine: no hiding behind delays.
    public static let local: NodePolicy = {
        var policy = NodePolicy()
        policy.isLocal = true
        policy.outboundRelayDelay = 2
        policy.inboundRelayDelay = 2
        policy.reconcileInterval = 2_000
        return policy
    }()
}
