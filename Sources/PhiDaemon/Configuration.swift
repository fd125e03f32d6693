public import Logging
public import PhiAPI
public import PhiCrypto
public import PhiLedger
public import PhiNode
public import PhiTransport

/// The settings of a node, all of them judged.
public struct Configuration: Sendable {
    /// A peer to call.
    public struct Peer: Hashable, Sendable {
        /// Where it is.
        public let address: PeerAddress
        /// The key that it must prove to hold; nil takes whoever answers.
        public let identity: VerifyingKey?

        init(_ address: PeerAddress, identity: VerifyingKey?) {
            self.address = address
            self.identity = identity
        }
    }

    /// Files that identify the RPC server.
    public struct Certificate: Hashable, Sendable {
        /// The certificate chain as PEM.
        public let chainPath: String
        /// The key as PEM.
        public let keyPath: String
    }

    /// Where peers are listened for unless told otherwise.
    public static let standardListen = "127.0.0.1:7181"
    /// Where RPC is answered unless told otherwise.
    public static let standardRPC = "127.0.0.1:7180"
    /// The share of one core that mining takes unless told otherwise, in thousandths.
    public static let standardDuty = 100
    /// Milliseconds of mean delay before entries are announced at most.
    public static let longestRelayDelay = 10_000
    /// Milliseconds that the clock can be set wrong at most, either way.
    public static let widestClockOffset = 86_400_000

    /// The network, with the seeds of its genesis file.
    public let genesis: GenesisDocument
    /// The data folder.
    public let dataFolder: String
    /// Where to listen for peers.
    public let listen: [PeerAddress]
    /// Addresses to tell others; empty tells those listened at.
    public let advertise: [PeerAddress]
    /// Peers to call that the operator names.
    public let peers: [Peer]
    /// Peers to call that links carry, each with its key.
    public let linkPeers: [Peer]
    /// Peers of the network's genesis file, to call where no other way in leads to enough.
    public let seeds: [Peer]
    /// Whether to search for nodes on the local network, and to answer there.
    public let searchesLAN: Bool
    /// The network interfaces to do that on; empty is all but the machine's own loop.
    public let lanInterfaces: [String]
    /// The host to answer RPC at.
    public let rpcHost: String
    /// The port to answer RPC at; 0 lets the system choose.
    public let rpcPort: Int
    /// Whether everybody may read and submit over RPC.
    public let isRPCPublic: Bool
    /// Whether RPC may leave the machine without TLS.
    public let allowsInsecureRPC: Bool
    /// What identifies the RPC server; nil is plain HTTP.
    public let certificate: Certificate?
    /// Names by which browsers may reach RPC.
    public let rpcHostNames: [String]
    /// Whether the methods that sign with the node's own keystore exist.
    public let usesNodeKeystore: Bool
    /// Whether to mine.
    public let isMining: Bool
    /// The share of one core that mining takes, in thousandths.
    public let miningDuty: Int
    /// Bytes in a second that may go to all peers together; nil is no limit.
    public let uploadLimit: UInt64?
    /// Bytes in a second that may come from all peers together; nil is no limit.
    public let downloadLimit: UInt64?
    /// The least level of log lines.
    public let logLevel: Logger.Level
    /// Milliseconds that the node's clock is ahead of the machine's, for trials.
    public let clockOffset: Int
    /// What the node decides for itself.
    public let policy: NodePolicy

    /// The network.
    public var network: Network { genesis.network }

    /// Judges a draft and fills in what it leaves out.
    public init(_ draft: ConfigurationDraft) throws(ConfigurationFailure) {
        genesis = try ConfigurationNetwork.document(draft.network ?? ConfigurationNetwork.standard)
        let name = genesis.network.name
        if let folder = draft.dataFolder {
            dataFolder = folder
        } else {
            dataFolder = try ConfigurationNetwork.standardFolder(name)
        }
        guard !dataFolder.isEmpty else {
            throw .wrongValue(field: "data", value: "", remedy: "name a folder")
        }
        let isLocal = draft.isLocal ?? false
        listen = try Self.addresses(
            draft.listen.isEmpty ? [Self.standardListen] : draft.listen,
            field: "listen"
        )
        advertise = try Self.addresses(draft.advertise, field: "advertise")
        if let unusable = advertise.first(where: { $0.port == 0 }) {
            throw .wrongValue(
                field: "advertise",
                value: unusable.description,
                remedy: "others cannot call port 0, write the real one"
            )
        }
        peers = try Self.peers(draft.peers)
        linkPeers = try Self.linkPeers(draft.links, prefix: genesis.network.prefix)
        seeds = try Self.peers(genesis.seeds)
        searchesLAN = draft.searchesLAN ?? false
        lanInterfaces = draft.lanInterfaces
        let rpc = try Self.addresses([draft.rpc ?? Self.standardRPC], field: "rpc.listen")[0]
        rpcHost = rpc.host
        rpcPort = Int(rpc.port)
        isRPCPublic = draft.isRPCPublic ?? false
        allowsInsecureRPC = draft.allowsInsecureRPC ?? false
        certificate = try Self.certificate(draft)
        rpcHostNames = draft.rpcHostNames
        usesNodeKeystore = draft.usesNodeKeystore ?? false
        isMining = draft.isMining ?? false
        miningDuty = try Self.duty(draft.miningDuty)
        uploadLimit = try TransferRate.parse(draft.uploadLimit, field: "limits.upload")
        downloadLimit = try TransferRate.parse(draft.downloadLimit, field: "limits.download")
        logLevel = try Self.level(draft.logLevel)
        var policy = try Self.policy(isLocal: isLocal, relayDelay: draft.relayDelay)
        policy.minimumChainWork = try Self.minimumChainWork(draft.minimumChainWork)
        policy.assumedValid = try Self.assumedValid(draft.assumeValid)
        self.policy = policy
        clockOffset = try Self.clockOffset(draft.clockOffset, on: genesis.network)
        guard certificate != nil || allowsInsecureRPC || Self.isLoopback(rpcHost) else {
            throw .insecureRPC(host: rpcHost)
        }
    }
}

extension Configuration {
    private static func addresses(
        _ texts: [String],
        field: String
    ) throws(ConfigurationFailure) -> [PeerAddress] {
        var addresses: [PeerAddress] = []
        for text in texts {
            guard let address = PeerAddress(parsing: text) else {
                throw .wrongValue(
                    field: field,
                    value: text,
                    remedy: "write HOST:PORT, such as 127.0.0.1:7181 or [::1]:7181"
                )
            }
            addresses.append(address)
        }
        return addresses
    }

    private static func peers(_ texts: [String]) throws(ConfigurationFailure) -> [Peer] {
        var peers: [Peer] = []
        for text in texts {
            guard let peer = Peer(text) else {
                throw .wrongValue(
                    field: "peers",
                    value: text,
                    remedy: "write HOST:PORT or IDENTITY@HOST:PORT, where IDENTITY is 64 "
                        + "hexadecimal digits"
                )
            }
            if !peers.contains(peer) { peers.append(peer) }
        }
        return peers
    }

    private static func certificate(
        _ draft: ConfigurationDraft
    ) throws(ConfigurationFailure) -> Certificate? {
        let names = (chain: "rpc.tls-certificate", key: "rpc.tls-key")
        switch (draft.certificateFile, draft.certificateKeyFile) {
        case (nil, nil): return nil
        case (_?, nil): throw .halfCertificate(given: names.chain, missing: names.key)
        case (nil, _?): throw .halfCertificate(given: names.key, missing: names.chain)
        case (let chain?, let key?): return Certificate(chainPath: chain, keyPath: key)
        }
    }

    private static func duty(_ share: Double?) throws(ConfigurationFailure) -> Int {
        guard let share else { return standardDuty }
        guard share.isFinite, (0.001...1).contains(share) else {
            throw .wrongValue(
                field: "mine.duty",
                value: "\(share)",
                remedy: "give a share of one core from 0.001 to 1"
            )
        }
        return Int((share * 1_000).rounded())
    }

    private static func policy(
        isLocal: Bool,
        relayDelay: Int?
    ) throws(ConfigurationFailure) -> NodePolicy {
        var policy = isLocal ? NodePolicy.local : NodePolicy()
        guard let relayDelay else { return policy }
        guard (0...longestRelayDelay).contains(relayDelay) else {
            throw .wrongValue(
                field: "relay-delay",
                value: "\(relayDelay)",
                remedy: "give milliseconds from 0 to \(longestRelayDelay)"
            )
        }
        policy.outboundRelayDelay = UInt64(relayDelay)
        policy.inboundRelayDelay = UInt64(relayDelay)
        return policy
    }

    /// A clock set wrong harms its own node only, but nobody needs that where others rely on it.
    private static func clockOffset(
        _ offset: Int?,
        on network: Network
    ) throws(ConfigurationFailure) -> Int {
        guard let offset, offset != 0 else { return 0 }
        guard (-widestClockOffset...widestClockOffset).contains(offset) else {
            throw .wrongValue(
                field: "clock-offset",
                value: "\(offset)",
                remedy: "give milliseconds from -\(widestClockOffset) to \(widestClockOffset)"
            )
        }
        let shared = ["main", "test"].compactMap(Networks.named).map(\.network.chain)
        guard !shared.contains(network.chain) else {
            throw .wrongValue(
                field: "clock-offset",
                value: "\(offset)",
                remedy: "it is for trials on dev and on networks of your own, not on "
                    + "\(network.name); leave it out and set the machine's clock"
            )
        }
        return offset
    }

    private static func minimumChainWork(
        _ text: String?
    ) throws(ConfigurationFailure) -> Work {
        guard let text else { return .zero }
        guard let work = Work(hex: text) else {
            throw .wrongValue(
                field: "minimum-chain-work",
                value: text,
                remedy: "give 1 to 32 lowercase hexadecimal digits without leading zeros, as "
                    + "“chainWork” of a header has them"
            )
        }
        return work
    }

    private static func level(_ text: String?) throws(ConfigurationFailure) -> Logger.Level {
        guard let text else { return .info }
        guard let level = Logger.Level(rawValue: text) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw .wrongValue(field: "log-level", value: text, remedy: "use one of \(levels)")
        }
        return level
    }

    private static func assumedValid(_ text: String?) throws(ConfigurationFailure) -> Digest? {
        guard let text else { return nil }
        guard let hash = Digest(hex: text) else {
            throw .wrongValue(
                field: "assume-valid",
                value: text,
                remedy: "give the hash of a block, 64 hexadecimal digits"
            )
        }
        return hash
    }

    /// Whether a host is this machine alone.
    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}

extension Configuration.Peer {
    /// Reads `HOST:PORT` or `IDENTITY@HOST:PORT`; a port of 0 is none to call.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let place = parts.last, let address = PeerAddress(parsing: String(place)),
            address.port > 0
        else { return nil }
        self.address = address
        guard parts.count == 2 else {
            identity = nil
            return
        }
        guard let key = VerifyingKey(hex: parts[0]) else { return nil }
        identity = key
    }
}
