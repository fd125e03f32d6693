/// Settings as a file or the command line gives them: each may be missing, none is judged yet.
public struct ConfigurationDraft: Equatable, Sendable {
    /// A network's name, or the path of a genesis file.
    public var network: String?
    /// The data folder.
    public var dataFolder: String?
    /// Where to listen for peers.
    public var listen: [String] = []
    /// Where to answer RPC.
    public var rpc: String?
    /// Peers to call.
    public var peers: [String] = []
    /// Addresses to tell others, where they differ from those listened at.
    public var advertise: [String] = []
    /// Whether to mine.
    public var isMining: Bool?
    /// The share of one core that mining takes, from 0.001 to 1.
    public var miningDuty: Double?
    /// Whether everybody may read and submit over RPC.
    public var isRPCPublic: Bool?
    /// Whether RPC may leave the machine without TLS.
    public var allowsInsecureRPC: Bool?
    /// The certificate chain of RPC, as a PEM file.
    public var certificateFile: String?
    /// The key of that certificate, as a PEM file.
    public var certificateKeyFile: String?
    /// Names by which browsers may reach RPC.
    public var rpcHostNames: [String] = []
    /// Whether the methods that sign with the node's own keystore exist.
    public var usesNodeKeystore: Bool?
    /// Bytes in a second that may go to all peers together, such as `500k`.
    public var uploadLimit: String?
    /// Bytes in a second that may come from all peers together, such as `2M`.
    public var downloadLimit: String?
    /// The hash of a block up to which signatures and stamps are taken on trust.
    public var assumeValid: String?
    /// The least level of log lines.
    public var logLevel: String?
    /// Whether all peers are on this machine or network, so that relaying needs no delay.
    public var isLocal: Bool?
    /// Mean of the random delay before entries are announced, in milliseconds.
    public var relayDelay: Int?
    /// Milliseconds that the node's clock is set ahead, for trials.
    public var clockOffset: Int?

    /// Links of meetings, whose peers are called.
    public var links: [String] = []
    /// Whether to search for nodes on the local network, and to answer there.
    public var searchesLAN: Bool?
    /// The network interfaces to do that on.
    public var lanInterfaces: [String] = []

    /// Work of a chain below which no headers are kept, in hexadecimal digits.
    public var minimumChainWork: String?

    /// Settings of which none is given.
    public init() {}

    /// These settings, with those of another in their place where the other gives them.
    ///
    /// Peers add up; all other lists are replaced.
    public func overridden(by other: ConfigurationDraft) -> ConfigurationDraft {
        var merged = self
        merged.network = other.network ?? network
        merged.dataFolder = other.dataFolder ?? dataFolder
        if !other.listen.isEmpty { merged.listen = other.listen }
        merged.rpc = other.rpc ?? rpc
        merged.peers += other.peers.filter { !peers.contains($0) }
        if !other.advertise.isEmpty { merged.advertise = other.advertise }
        merged.isMining = other.isMining ?? isMining
        merged.miningDuty = other.miningDuty ?? miningDuty
        merged.isRPCPublic = other.isRPCPublic ?? isRPCPublic
        merged.allowsInsecureRPC = other.allowsInsecureRPC ?? allowsInsecureRPC
        merged.certificateFile = other.certificateFile ?? certificateFile
        merged.certificateKeyFile = other.certificateKeyFile ?? certificateKeyFile
        if !other.rpcHostNames.isEmpty { merged.rpcHostNames = other.rpcHostNames }
        merged.usesNodeKeystore = other.usesNodeKeystore ?? usesNodeKeystore
        merged.uploadLimit = other.uploadLimit ?? uploadLimit
        merged.downloadLimit = other.downloadLimit ?? downloadLimit
        merged.assumeValid = other.assumeValid ?? assumeValid
        merged.logLevel = other.logLevel ?? logLevel
        merged.isLocal = other.isLocal ?? isLocal
        merged.links += other.links.filter { !links.contains($0) }
        merged.searchesLAN = other.searchesLAN ?? searchesLAN
        if !other.lanInterfaces.isEmpty { merged.lanInterfaces = other.lanInterfaces }
        merged.relayDelay = other.relayDelay ?? relayDelay
        merged.clockOffset = other.clockOffset ?? clockOffset
        merged.minimumChainWork = other.minimumChainWork ?? minimumChainWork
        return merged
    }
}
