public import PhiCrypto
public import PhiLedger

/// What a node decides for itself: limits, patience and manners, none of it consensus.
public struct NodePolicy: Hashable, Sendable {
    /// Connections that the node makes and holds.
    public var outboundPeers = 8
    /// Connections for blocks alone that the node makes beside.
    public var quietPeers = 2
    /// Connections that the node takes.
    public var inboundPeers = 40
    /// Milliseconds that a peer has for its first message.
    public var helloPatience: UInt64 = 10_000
    /// Milliseconds between two pings to a peer; well below the transport's patience with silence.
    public var pingInterval: UInt64 = 8_000
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
    /// Peers that called us to which new blocks are pushed.
    public var pushedInboundPeers = 8
    /// Blocks below a peer's tip and ours that are pushed; a peer further back gets headers.
    public var pushDepth: UInt32 = 5
    /// Blocks below the tip of which single entries are given.
    public var blockEntriesDepth: UInt32 = 10
    /// Milliseconds after an announcement in which a peer is guessed to lack the entry yet.
    public var offerWindow: UInt64 = 300
    /// Bytes of the entries that are pushed whole with a block.
    public var prefilledBytes = 32_768
    /// Milliseconds that a peer has to give the entries that its pushed block lacked.
    public var blockEntriesPatience: UInt64 = 2_000
    /// Pushed blocks of one peer whose missing entries are under way.
    public var assembliesPerPeer = 2
    /// Pushed blocks whose missing entries are under way.
    public var assemblies = 8
    /// Bodies that are kept because they were passed on; the oldest goes first.
    public var relayedBlocks = 4
    /// Hashes of pushed blocks that are remembered; the oldest goes first.
    public var rememberedPushes = 1_000
    /// A block whose signatures and stamps, and those of all before it, the operator vouches for.
    public var assumedValid: Digest?
    /// Milliseconds of work at the present difficulty that must lie on a block before it is
    /// assumed valid: two weeks.
    public var assumedValidTime: UInt64 = 14 * 24 * 60 * 60 * 1_000
    /// Bytes of entries in one answer to a peer.
    public var entryBytesPerAnswer = 1 << 20
    /// Bytes of the bodies that were asked for or wait to be connected.
    ///
    /// Decoded they take up to 56 MiB.
    public var blockBytes: UInt64 = 32 << 20
    /// Headers known ahead of the tip before no more are asked for.
    public var headersAhead = 65_536
    /// Entries under way from one peer.
    public var entriesPerPeer = 100
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
    /// Bytes of promised entries that are judged at once when they are put back into the pool.
    public var restoredAtOnce = 1 << 20
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
    /// Addresses that are called by name: the operator's, seeds, those of links and neighbors.
    public var namedPeers = 256
    /// Milliseconds that a call is waited for before its place is given to another.
    public var dialPatience: UInt64 = 30_000
    /// Milliseconds between two short calls that try an address.
    public var feelerInterval: UInt64 = 120_000
    /// Milliseconds between them once enough addresses are tried.
    public var slowFeelerInterval: UInt64 = 600_000
    /// Tried addresses that are enough.
    public var enoughTried = 500
    /// Groups that must be known before two links of one group are refused; subnets before.
    public var enoughGroups = 8
    /// Milliseconds after the start in which addresses that answered before come first.
    public var restartGrace: UInt64 = 60_000
    /// Milliseconds after the start before seeds are called.
    public var seedDelay: UInt64 = 2_000
    /// Peers that make calling seeds needless.
    public var peersWithoutSeeds = 2
    /// Milliseconds that a peer we called may know of less work than we do.
    public var behindPatience: UInt64 = 20 * 60 * 1_000
    /// Milliseconds that such a peer has to answer one more request for headers.
    public var behindGrace: UInt64 = 2 * 60 * 1_000
    /// Peers that we called which are never replaced for that, once they showed our work.
    public var protectedPeers = 4
    /// Block intervals of silence before one more peer is called.
    public var staleTipIntervals: UInt64 = 30
    /// Peers that must see this node at one host before it believes them.
    public var observersNeeded = 2
    /// Milliseconds for which a network that asks for peers hears of the same ones.
    public var toldPeriod: UInt64 = 24 * 60 * 60 * 1_000
    /// Networks whose answers are remembered.
    public var toldNetworks = 256
    /// Milliseconds after its signing in which a record is passed on.
    public var freshRecord: UInt64 = 10 * 60 * 1_000
    /// Records in a message at most that is passed on.
    public var passedRecords = 10
    /// Times in ten minutes that a peer may send headers that connect to nothing.
    public var unconnectedHeaders = 10
    /// Work of a chain below which none of its headers is kept.
    public var minimumChainWork = Work.zero
    /// Blocks of the tip's work that a branch may lie behind and still be kept.
    public var recentBlocks: UInt64 = 360
    /// Peers whose headers are looked through at once for a chain with enough work.
    public var presyncs = 8
    /// Milliseconds after which headers are looked through from one more peer.
    public var presyncPatience: UInt64 = 60_000
    /// Milliseconds for each header that looking through, or fetching again, may take besides.
    public var patiencePerHeader: UInt64 = 1
    /// Milliseconds before a peer whose chain had too little work is asked for it again.
    public var lowWorkPause: UInt64 = 10 * 60 * 1_000
    /// Stretches of headers that may be on the way into the tree, from all peers.
    public var stretchesAhead = 8
    /// Milliseconds after which the stretch that all wait for is asked from another peer.
    public var stretchPatience: UInt64 = 5_000
    /// Announced entries that are remembered and not here, of all peers together.
    ///
    /// Past the half each peer has a share that nobody else can take.
    public var wantedEntries = 32_768
    /// Bytes of the entries of peers whose signatures are being checked.
    public var bytesInJudgement = 12 << 20
    /// How fast one peer may send what nobody asked for.
    public var meterRates = MeterRates()
    /// Milliseconds that a peer may live off the tokens that just come before it has to go.
    public var meterPatience: UInt64 = 60_000
    /// Milliseconds for which nothing is read, at least, from a peer that sends too fast.
    public var meterPause: UInt64 = 100
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
