public import PhiCrypto
public import PhiLedger

/// What a node says about itself.
public struct NodeInfo: Document {
    /// How far a node is with the chain.
    public struct Sync: Equatable, Sendable {
        /// `waiting`, `syncing` or `synced`.
        public var state: String
        /// The height of the best header known.
        public var bestHeader: Height
        /// Peers past the handshake.
        public var peers: Int

        /// A state of given parts.
        public init(state: String, bestHeader: Height, peers: Int) {
            self.state = state
            self.bestHeader = bestHeader
            self.peers = peers
        }
    }

    /// What a node's miner does.
    public struct Miner: Equatable, Sendable {
        /// Whether the node mines.
        public var isEnabled: Bool
        /// The share of one core, in thousandths.
        public var duty: Int
        /// Hashes in a second, over the last minute.
        public var hashRate: UInt64

        /// A miner of given parts.
        public init(isEnabled: Bool, duty: Int, hashRate: UInt64) {
            self.isEnabled = isEnabled
            self.duty = duty
            self.hashRate = hashRate
        }
    }

    /// The program's version.
    public var version: String
    /// The node's identity towards peers.
    public var identity: VerifyingKey
    /// The network, with genesis header and parameters.
    public var network: Network
    /// The last block of the best chain.
    public var tip: TipDocument
    /// How far the node is with the chain.
    public var sync: Sync
    /// The least declared work for each priced byte that the mempool takes now.
    public var minimumDensity: UInt64
    /// What the miner does.
    public var miner: Miner
    /// The first height whose contents are kept.
    public var contentsFrom: Height
    /// Where the node listens for peers.
    public var addresses: [String]
    /// Peers for a meeting's link: the node itself where it can be called, then those it has called.
    public var callable: [String]
    /// What an operator should read.
    public var warnings: [String]
    /// Reorganizations since the start.
    public var reorganizations: Int
    /// The deepest of them in blocks.
    public var deepestReorganization: UInt32

    /// A document with every field given.
    public init(
        version: String,
        identity: VerifyingKey,
        network: Network,
        tip: TipDocument,
        sync: Sync,
        minimumDensity: UInt64,
        miner: Miner,
        contentsFrom: Height,
        addresses: [String],
        callable: [String] = [],
        warnings: [String],
        reorganizations: Int,
        deepestReorganization: UInt32
    ) {
        self.version = version
        self.identity = identity
        self.network = network
        self.tip = tip
        self.sync = sync
        self.minimumDensity = minimumDensity
        self.miner = miner
        self.contentsFrom = contentsFrom
        self.addresses = addresses
        self.callable = callable
        self.warnings = warnings
        self.reorganizations = reorganizations
        self.deepestReorganization = deepestReorganization
    }
}
