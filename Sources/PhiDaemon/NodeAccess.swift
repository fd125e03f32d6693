public import PhiChain
public import PhiCrypto
public import PhiLedger
public import PhiLevelDB
public import PhiNode

/// What the RPC methods may ask of the node, as closures over the engine.
public struct NodeAccess: Sendable {
    /// The network of the node.
    public var network: Network
    /// The node's identity towards peers.
    public var identity: VerifyingKey
    /// A frozen view of the chain; never waits for the engine.
    public var snapshot: @Sendable () -> ChainReader<LevelDBSnapshot>
    /// The node's state of the moment.
    public var status: @Sendable () async -> NodeStatus
    /// Entries of the pool; ask this before the snapshot, so that nothing vanishes between.
    public var pool: @Sendable (PoolQuery) async -> [PooledEntry]
    /// Submits an entry; returns after the durable write.
    public var submit: @Sendable (Entry) async -> Result<Digest, SubmitRefusal>
    /// Connects to a peer now and from now on, its identity pinned where given.
    public var addPeer:
        @Sendable (_ host: String, _ port: Int, VerifyingKey?, _ via: WayIn) async -> Void
    /// Forgets a peer and closes its connection; false where none was known.
    public var removePeer: @Sendable (_ identity: VerifyingKey) async -> Bool
    /// Refuses a peer for a day; false where none was known.
    public var banPeer: @Sendable (_ identity: VerifyingKey) async -> Bool
    /// Turns mining on or off and sets its duty in thousandths of one core; nil leaves it.
    public var setMiner: @Sendable (_ isOn: Bool, _ duty: Int?) async -> Void
    /// Whether the miner is on, its duty, and hashes per second of the last minute.
    public var minerStatus: @Sendable () async -> (isOn: Bool, duty: Int, hashRate: UInt64)
    /// Mines blocks at once (dev only) and returns their hashes.
    public var generate: @Sendable (_ count: Int) async -> Result<[Digest], GenerateRefusal>
    /// Allows a reorganization deeper than the undo window onto a branch with this block.
    public var acceptReorganization: @Sendable (Digest) async -> Result<Void, StoreFailure>
    /// Ends the node in good order.
    public var stop: @Sendable () async -> Void
    /// Where the node really listens for peers, ports resolved.
    public var listeningAddresses: @Sendable () async -> [String]
    /// Peers for a meeting's link, as `IDENTITY@HOST:PORT`.
    public var introductions: @Sendable () async -> [String] = { [] }
    /// The parts that are started again when they fail, by name.
    public var parts: @Sendable () -> [(name: String, part: PartHealth.Part)] = { [] }
}

/// Why no blocks were mined on demand.
public enum GenerateRefusal: Error, Equatable, Sendable {
    /// Only a network without a difficulty schedule mines on demand.
    case notDevelopment
    /// The block was not found or not connected.
    case failed(String)
}
