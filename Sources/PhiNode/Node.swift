public import PhiChain
import PhiConsensus
public import PhiCrypto
public import PhiLedger
import PhiWire

/// The whole behaviour of one node: it is told what happened and says what is to be done.
///
/// One step connects or takes back one block at most, so that its batch is in the store before
/// the state is read again; `resume` asks for the next step.
public struct Node<Store: KeyValueStore>: Sendable {
    let network: Network
    let policy: NodePolicy
    let rules: HeaderRules
    let identity: VerifyingKey
    var ledger: Ledger<Store>
    var tree: BlockTree<Store>
    var pool: Mempool<Store>
    var orphans: OrphanEntries
    var chance: SeededChance
    var now: Timestamp = .zero
    var effects: [Effect] = []
    var isHalted = false

    var peers: [PeerHandle: Peer] = [:]
    var book: AddressBook
    var calls: CallList
    var discouraged: DiscouragedPeers
    var slots = Slots()
    var ownRecord: NodeRecord?

    /// Judged bodies that wait for their turn, by block hash.
    var ready: [Digest: ReadyBlock] = [:]
    /// Blocks that were asked for, by hash, with the peers that were asked, in their order.
    var requested: [Digest: [PeerHandle]] = [:]
    /// Whether there were blocks past the window that nobody was asked for.
    var hasFullWindow = false
    /// The peer that everything waits for, if it is one.
    var stall: Stall?
    /// Milliseconds that a peer may hold everything up: more after each that did, less with
    /// each block that comes.
    var stallTimeout: UInt64
    /// When the time was last made longer.
    var stallRaisedAt: Timestamp?
    /// Bytes of bodies that were asked for or wait, by block hash and in all.
    var reserved: [Digest: UInt64] = [:]
    var reservedBytes: UInt64 = 0
    /// Blocks whose entries are being judged.
    var judgedBlocks: Set<Digest> = []
    /// Pushed blocks whose missing entries were asked for.
    var assemblies: [Digest: CompactAssembly] = [:]
    /// Blocks that peers passed on before they were judged, so that nobody is to blame for them.
    var pushedBlocks: RollingSet
    /// Bodies that were passed on lately.
    var relayed: RelayedBlocks
    /// Blocks whose bodies are stored beside the connected chain.
    var storedBeside: Set<Digest> = []
    /// Headers that were looked through and are fetched again, now to be kept.
    var stretches: StretchFetch?
    /// Whether there may be blocks to ask for that were not asked for.
    var hasDownloadsToPlan = true
    /// The generation of the tree's plan that the waiting bodies belong to.
    var planGeneration: UInt64 = 0
    /// What the answers of the judges belong to.
    var judgements: [RequestToken: Judgement] = [:]
    var nextToken: RequestToken = 0
    var entriesInJudgement = 0
    /// Bytes of the entries of peers that are being judged.
    var bytesInJudgement = 0
    /// Announced entries that are wanted, by leaf hash.
    var wanted: [Digest: WantedEntry] = [:]
    /// The wanted entries that nobody is asked for, in the order of their announcement.
    var wantedOrder: [Digest] = []
    /// The entries of peers that are being judged, by leaf hash.
    var leavesInJudgement: [Digest: Entry] = [:]
    /// Leaf hashes that were refused for good, or recorded lately.
    var settledLeaves: RollingSet
    /// Whether the pool still lies over an earlier tip.
    var isPoolStale = false
    /// Promised entries that are still to be put back into the pool, in the order of arrival.
    var toRestore: ArraySlice<Digest> = []
    /// How many of them are being judged.
    var restoring = 0
    /// Promised entries that left a full pool on the way over to another branch.
    var postponed = 0
    /// Whether peers were not told of the tip yet.
    var hasNewTip = false
    /// When the chain last moved, or had nowhere to go.
    var movedAt: Timestamp = .zero
    /// Whether this step connected or took back its block.
    var hasMoved = false
    /// The reorganization under way.
    var reorganization: Reorganization?
    var acceptedReorganization: Digest?
    var reorganizations = 0
    var deepestReorganization: UInt32 = 0
    var nextWake: Timestamp?
    /// Ticks that were asked for and have not come; a clock that is set back makes them early.
    var wakesUnderWay = 0

    /// A node over a store that `StoreFormat` prepared.
    ///
    /// - Parameters:
    ///   - store: Where the chain is and will be.
    ///   - network: The network to belong to.
    ///   - identity: The node's own key towards peers.
    ///   - policy: What the node decides for itself.
    ///   - seed: Fixes everything that the node leaves to chance.
    /// - Throws: What the store could not read.
    public init(
        store: Store,
        network: Network,
        identity: VerifyingKey,
        policy: NodePolicy,
        seed: UInt64
    ) throws(StoreFailure) {
        self.network = network
        self.identity = identity
        self.policy = Self.prepared(policy, for: network)
        stallTimeout = policy.stallTimeout
        rules = HeaderRules(network)
        ledger = try Ledger(opening: store, network: network)
        tree = BlockTree(ledger)
        pool = Mempool(over: ledger, policy: policy)
        orphans = OrphanEntries(policy: policy)
        chance = SeededChance(seed: seed)
        book = AddressBook(key: PlacingKey(from: &chance, isLocal: policy.isLocal))
        calls = CallList(limit: policy.namedPeers)
        discouraged = DiscouragedPeers(policy: policy)
        settledLeaves = RollingSet(limit: policy.rememberedLeaves)
        pushedBlocks = RollingSet(limit: policy.rememberedPushes)
        relayed = RelayedBlocks(limit: policy.relayedBlocks)
    }

    /// Tells the node one thing and gets what is to be done, in order.
    public mutating func step(_ event: Event, at now: Timestamp) -> [Effect] {
        guard !isHalted else { return [] }
        self.now = now
        effects = []
        hasMoved = false
        if tree.plan.isEmpty { movedAt = now }
        do {
            try releaseTarget()
            try settle()
            try handle(event)
            try scheduleStretches()
            try advance()
            try scheduleDownloads()
            askForEntries()
            flushAnnouncements()
            requestWake()
        } catch { halt(.store(error)) }
        return effects
    }

    private mutating func handle(_ event: Event) throws(StoreFailure) {
        switch event {
        case .started(let record):
            ownRecord = record
            try start()
        case .tick: try tick()
        case .resume: break
        case .connected(let handle, let identity, let isInbound, let address):
            connected(handle, identity: identity, isInbound: isInbound, address: address)
        case .received(let handle, let message): try received(message, from: handle)
        case .malformed(let handle, let failure):
            if failure.isMisbehavior {
                misbehaved(handle, .malformedMessage)
            } else if case .framing = failure {
                close(handle, .timeout("frame"))
            } else if peers[handle]?.isReady == false {
                close(handle, .otherNetwork)
            } else {
                charge(handle, .unknown, 1)
            }
        case .disconnected(let handle): disconnected(handle)
        case .dialFailed(let address): dialFailed(address)
        case .judged(let token, let results): try judged(token, results)
        case .submitted(let submissions): try submitted(submissions)
        case .mined(let header, let entries): try mined(header, entries)
        case .addPeer(let address, let identity, let way): add(address, identity, via: way)
        case .removePeer(let identity): remove(identity, discouraging: false)
        case .banPeer(let identity): remove(identity, discouraging: true)
        case .remembered(let records): remember(records)
        case .renewed(let record): renewed(record)
        case .acceptReorganization(let hash): acceptedReorganization = hash
        }
    }

    /// The connections past the handshake, in the order in which they came.
    var readyPeers: [PeerHandle] {
        peers.values.filter(\.isReady).map(\.handle).sorted()
    }

    mutating func send(_ message: Message, to handle: PeerHandle) {
        effects.append(.send(handle, message))
    }

    mutating func note(_ incident: Incident) {
        effects.append(.report(.incident(incident)))
    }

    mutating func halt(_ reason: HaltReason) {
        isHalted = true
        effects.append(.halt(reason))
    }

    mutating func token() -> RequestToken {
        nextToken += 1
        return nextToken
    }

    var tipClaim: TipClaim {
        TipClaim(
            hash: ledger.tip.hash,
            height: ledger.tip.header.height,
            work: ledger.tip.header.chainWork
        )
    }
}

/// A way over to another branch, from the first block taken back to the last connected.
struct Reorganization: Sendable {
    /// The tip that was left.
    let origin: ValidHeader
    /// The lowest block that stayed.
    var fork: Height

    /// Blocks that were taken back.
    var depth: UInt32 { origin.header.height.distance(above: fork) }
}

/// A block whose entries were judged one by one.
struct ReadyBlock: Sendable {
    let entries: [ValidEntry]
    let peer: PeerHandle?
}

/// An entry that peers announced and that is not here.
struct WantedEntry: Sendable {
    /// The peers that have it, those that were asked taken out.
    var announcers: [PeerHandle]
    var askedOf: PeerHandle?
    var deadline: Timestamp
}

/// What an answer of the judges belongs to.
enum Judgement: Sendable {
    /// The entries of a block that the pool did not have, by their index in the body.
    case block(Digest, peer: PeerHandle?, known: [ValidEntry?])
    /// Entries that a peer sent.
    case entries(peer: PeerHandle, leaves: [Digest], bytes: Int)
    /// Promised entries that are put back into the pool.
    case restored
}
