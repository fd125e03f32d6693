import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiSimulation
import PhiTesting
import PhiWire

/// How badly the network between the nodes of a swarm behaves.
struct Weather {
    /// Milliseconds that a message takes.
    var latency: ClosedRange<UInt64> = 5...40
    /// Messages of a thousand that are lost; a greeting never is.
    var lossPerMille: UInt64 = 0
    /// Messages of a thousand that come twice.
    var duplicatesPerMille: UInt64 = 0
    /// Whether messages of one connection may overtake each other.
    var reorders = false
    /// Milliseconds that judging takes.
    var judging: ClosedRange<UInt64> = 0...3
}

/// Real nodes in one thread, whose time, network and chance are all made up from one seed.
///
/// Effects are carried out as a node's contract says: in order, a batch before what comes after
/// it, `resume` before anything else happens.
struct TestSwarm {
    /// One node with its store and what it said.
    struct Member {
        let identity: TestKey
        let address: PeerAddress
        var policy: NodePolicy
        var store: MemoryStore
        /// What survives a loss of power: the store without batches that were not durable.
        var durable = DurableCopy()
        /// Nil while the member is down.
        var node: Node<MemoryStore>?
        var incarnation = 0
        /// When the member is to die, where a test wants that.
        var death: Death?
        var links: Set<UInt64> = []
        var wakeAt: Timestamp?
        /// The side of a partition on which the member stands.
        var side = 0
        var isMute = false
        /// Types of messages that the member's network swallows.
        var swallowed: Set<MessageType> = []
        var clockSkew: Int64 = 0
        var replies: [RequestToken: Result<Digest, SubmitRefusal>] = [:]
        var notices: [LedgerNotice] = []
        var reports: [NodeReport] = []
        var ends: [DisconnectReason] = []
        var haltReason: HaltReason?
        var sent: [MessageType: Int] = [:]
        /// How often nothing more was to be read from a connection.
        var pauses: [PeerHandle: Int] = [:]
        /// Bytes of the frames that were sent, where the swarm weighs them.
        var sentBytes: [MessageType: Int] = [:]
    }

    /// A crash at a write that a test chooses.
    struct Death {
        /// The writes that still come before it.
        var writesLeft: Int
        /// Whether one more write is done, and nothing after it.
        let isAfterWrite: Bool
        /// Whether batches that need not be durable are lost as well.
        let losesPower: Bool
        /// What the disk does not do that it should.
        var fault: Fault?
    }

    /// A promise of a disk that it does not keep.
    enum Fault: CaseIterable {
        /// A batch that is durable is not.
        case lostSync
        /// Half of the batch before which the member dies is written.
        case tornBatch
    }

    struct Link {
        let dialer: Int
        let listener: Int
        var lastArrival: [Timestamp] = [.zero, .zero]
    }

    enum Item {
        case event(member: Int, incarnation: Int, Event)
        case wake(member: Int, incarnation: Int)
        case delivery(member: Int, incarnation: Int, PeerHandle, Message)
        case lost(member: Int, incarnation: Int, PeerHandle)
        case mine(member: Int?, every: UInt64)
    }

    let network: Network
    var weather = Weather()
    var members: [Member] = []
    var now: Timestamp
    var random: SeededRandom
    var queue = EventQueue<Item>()
    var links: [UInt64: Link] = [:]
    var nextLink: UInt64 = 1
    var nextToken: RequestToken = 1 << 32
    var trace: Digest?
    var isMining = true
    /// Whether the bytes of all frames are counted, which takes time.
    var weighs = false
    /// Members that may mine; nil is all.
    var miners: [Int]?
    private var judged: [Entry: Result<ValidEntry, EntryViolation>] = [:]

    init(on network: Network, seed: UInt64, traces: Bool = false) {
        self.network = network
        random = SeededRandom(seed: seed)
        now = network.genesis.time.adding(milliseconds: 1_000_000)
        trace = traces ? .zero : nil
    }

    /// Adds a node that is up, with a store of its own.
    @discardableResult
    mutating func add(
        policy: NodePolicy = TestSwarm.policy,
        store: MemoryStore = MemoryStore()
    ) throws -> Int {
        let index = members.count
        try StoreFormat.prepare(store, network: network)
        let member = Member(
            identity: TestKey("node \(index)"),
            address: PeerAddress(version4: 0x0a00_0001 + UInt32(index), port: 4_000),
            policy: policy,
            store: store
        )
        members.append(member)
        members[index].durable = DurableCopy(of: store)
        try start(index)
        return index
    }

    /// The manners of nodes in a swarm.
    static var policy: NodePolicy {
        var policy = NodePolicy()
        policy.isLocal = true
        policy.outboundRelayDelay = 20
        policy.inboundRelayDelay = 20
        policy.reconcileInterval = 3_000
        return policy
    }

    /// Brings a node up from its store.
    mutating func start(_ index: Int) throws {
        members[index].incarnation += 1
        members[index].wakeAt = nil
        members[index].node = try Node(
            store: members[index].store,
            network: network,
            identity: members[index].identity.verifyingKey,
            policy: members[index].policy,
            seed: random.next()
        )
        step(index, .started(ownRecord: nil))
    }

    /// Ends a node at once; what it did not write is gone.
    ///
    /// - Parameters:
    ///   - index: The member.
    ///   - losesPower: Whether batches that need not be durable are lost as well.
    mutating func crash(_ index: Int, losesPower: Bool = false) {
        members[index].node = nil
        members[index].death = nil
        members[index].incarnation += 1
        for link in members[index].links.sorted() { cut(link, from: index) }
        if losesPower { members[index].store = members[index].durable.restored() }
        members[index].durable = DurableCopy(of: members[index].store)
    }

    mutating func restart(_ index: Int, losesPower: Bool = false) throws {
        crash(index, losesPower: losesPower)
        try start(index)
    }

    /// Tells one node of another, as an operator does.
    mutating func introduce(_ index: Int, to other: Int) {
        step(
            index,
            .addPeer(members[other].address, members[other].identity.verifyingKey, via: .manual)
        )
    }

    /// Everybody knows everybody with a lower number.
    mutating func introduceAll() {
        for index in members.indices {
            for other in 0..<index { introduce(index, to: other) }
        }
    }

    /// The node of a member that is up.
    func node(_ index: Int) -> Node<MemoryStore> {
        guard let node = members[index].node else {
            preconditionFailure("member \(index) is up")
        }
        return node
    }

    func tip(_ index: Int) -> ValidHeader { node(index).status.tip }

    func chain(_ index: Int) -> ChainReader<MemoryStore> {
        ChainReader(members[index].store, network: network)
    }

    /// Judges an entry, as any thread does for a node.
    mutating func judge(_ entry: Entry) -> Result<ValidEntry, EntryViolation> {
        if let known = judged[entry] { return known }
        let result: Result<ValidEntry, EntryViolation>
        do { result = .success(try ValidEntry(judging: entry, on: network)) } catch {
            result = .failure(error)
        }
        judged[entry] = result
        return result
    }

    /// Submits an entry and gives the node's answer, which comes in the same step.
    @discardableResult
    mutating func submit(_ entry: Entry, to index: Int) -> Result<Digest, SubmitRefusal> {
        guard case .success(let valid) = judge(entry) else {
            preconditionFailure("a test submits entries that are right in themselves")
        }
        nextToken += 1
        let token = nextToken
        step(index, .submitted([(token: token, entry: valid)]))
        return members[index].replies[token] ?? .failure(.busy)
    }

    mutating func below(_ bound: UInt64) -> UInt64 { random.next() % max(1, bound) }

    mutating func draw(_ range: ClosedRange<UInt64>) -> UInt64 {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }
}

/// A store's contents up to the last durable batch, with those after it.
struct DurableCopy {
    private var base: [[UInt8]: [UInt8]] = [:]
    private var pending: [WriteBatch] = []

    init() {}

    init(of store: MemoryStore) {
        for pair in store.pairs { base[pair.key] = pair.value }
    }

    mutating func commit(_ batch: WriteBatch, durable: Bool) {
        pending.append(batch)
        guard durable else { return }
        for batch in pending {
            for change in batch.changes { base[change.key] = change.value }
        }
        pending = []
    }

    func restored() -> MemoryStore {
        let store = MemoryStore()
        var batch = WriteBatch()
        for (key, value) in base { batch.put(value, for: key) }
        store.commit(batch, durable: true)
        return store
    }
}
