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

    /// The network, with the seeds of its genesis file.
    public let genesis: GenesisDocument
    /// The data folder.
    public let dataFolder: String
    /// Where to listen for peers.
    public let listen: [PeerAddress]
    /// Addresses to tell others; empty tells those listened at.
    public let advertise: [PeerAddress]
    /// Peers to call: those given, then the network's seeds.
    public let peers: [Peer]
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
    /// The least level of log lines.
    public let logLevel: Logger.Level
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
        peers = try Self.peers(draft.peers + genesis.seeds)
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
        logLevel = try Self.level(draft.logLevel)
        var policy = isLocal ? NodePolicy.local : NodePolicy()
        policy.assumedValid = try Self.assumedValid(draft.assumeValid)
        self.policy = policy
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
