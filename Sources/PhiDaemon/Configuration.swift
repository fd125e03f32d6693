public import PhiCrypto
public import PhiLedger
public import PhiNode
public import PhiRPC
public import PhiTransport

/// Everything that an operator chooses about a node.
public struct Configuration: Sendable {
    /// A peer to hold a connection to, its identity pinned where given.
    public struct Peer: Hashable, Sendable {
        /// Where the peer listens; the host may be a name.
        public var address: PeerAddress
        /// The peer's identity; nil takes any.
        public var identity: VerifyingKey?

        /// A peer at an address.
        public init(address: PeerAddress, identity: VerifyingKey? = nil) {
            self.address = address
            self.identity = identity
        }
    }

    /// The network to belong to.
    public var network: Network
    /// The folder of the ledger, the node's key and its token.
    public var dataFolder: String
    /// Where to listen for peers, as IP addresses; empty listens nowhere.
    public var listen: [PeerAddress]
    /// Where peers can call the node, if not where it listens.
    public var advertise: [PeerAddress] = []
    /// Peers to connect to: those of the operator and the seeds of the network.
    public var peers: [Peer] = []
    /// The address at which the RPC interface listens.
    public var rpcHost: String
    /// The port at which the RPC interface listens; 0 lets the system choose.
    public var rpcPort: Int
    /// Whether everybody may read and submit through the RPC interface.
    public var rpcIsPublic = false
    /// Whether the RPC interface may listen beyond this machine without TLS.
    public var rpcAllowsInsecure = false
    /// Names by which browsers may reach the RPC interface.
    public var rpcHostNames: [String] = []
    /// Certificate chain and key of the RPC interface, as PEM files.
    public var rpcCertificate: RPCConfiguration.Certificate?
    /// Whether to mine from the start.
    public var isMining = false
    /// Thousandths of one core for the miner.
    public var miningDuty = 100
    /// Whether the node keeps keys of its own for the one-call methods.
    public var hasNodeKeystore = false
    /// What the node decides for itself.
    public var policy = NodePolicy()

    /// A node on loopback with the usual ports.
    public init(network: Network, dataFolder: String) {
        self.network = network
        self.dataFolder = dataFolder
        listen = [PeerAddress(host: "127.0.0.1", port: 7_181)]
        rpcHost = "127.0.0.1"
        rpcPort = 7_180
    }
}
