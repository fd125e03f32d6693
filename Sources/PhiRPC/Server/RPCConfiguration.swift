public import NIOCore

/// Where and for whom the server answers.
public struct RPCConfiguration: Sendable {
    /// The address to listen at.
    public var host: String
    /// The port to listen at; 0 lets the system choose.
    public var port: Int
    /// The token that opens everything; nil means that nobody can show it.
    public var token: String?
    /// Whether methods that are open on loopback are open to everyone.
    public var isPublic: Bool
    /// Certificate chain and key as PEM files; nil means no TLS.
    public var certificate: Certificate?
    /// Whether the operator wants to listen beyond this machine without TLS.
    public var allowsInsecure: Bool
    /// Names, beside this machine's addresses, by which browsers may reach the server.
    public var hostNames: [String]
    /// The bech32m prefix of the node's network.
    public var networkPrefix: String?
    /// Whether methods of development networks exist.
    public var isDevelopment: Bool
    /// The node's version, for the description of the methods.
    public var version: String
    /// Bounds on what callers may do.
    public var limits: RPCLimits

    /// Files that identify the server.
    public struct Certificate: Equatable, Sendable {
        /// The certificate chain, leaf first.
        public var chainPath: String
        /// The private key.
        public var keyPath: String

        /// Names the two files.
        public init(chainPath: String, keyPath: String) {
            self.chainPath = chainPath
            self.keyPath = keyPath
        }
    }

    /// A server on loopback; everything else is off until set.
    public init(
        host: String = "127.0.0.1",
        port: Int = 0,
        token: String? = nil,
        isPublic: Bool = false,
        limits: RPCLimits = RPCLimits()
    ) {
        self.host = host
        self.port = port
        self.token = token
        self.isPublic = isPublic
        self.limits = limits
        certificate = nil
        allowsInsecure = false
        hostNames = []
        networkPrefix = nil
        isDevelopment = false
        version = "0"
    }

    /// Checks what can be checked before a socket is opened.
    public func validate() throws(RPCStartFailure) {
        guard (0...65_535).contains(port) else { throw .badPort(port) }
        if let token, token.utf8.count < Self.tokenByteMinimum {
            throw .shortToken(count: token.utf8.count, minimum: Self.tokenByteMinimum)
        }
        guard HostName.isLoopback(host) || certificate != nil || allowsInsecure else {
            throw .insecure(host: host)
        }
    }

    /// The fewest bytes that a token may have.
    public static let tokenByteMinimum = 16
}

/// Bounds on what callers may do.
public struct RPCLimits: Sendable {
    /// Bytes of one request's body or one WebSocket message.
    public var bodyBytes = 1 << 20
    /// Requests in one batch.
    public var batch = 100
    /// Bytes after which the rest of a batch is no longer answered.
    public var batchAnswerBytes = 32 << 20
    /// Connections open at once.
    public var connections = 1_024
    /// Subscriptions of one connection.
    public var subscriptions = 64
    /// Time until the first request's header is complete.
    public var headerTimeout = TimeAmount.seconds(10)
    /// Time for a request's body.
    public var bodyTimeout = TimeAmount.seconds(20)
    /// Time for an answer.
    public var answerTimeout = TimeAmount.seconds(30)
    /// Time between requests, or between messages of a WebSocket.
    public var idleTimeout = TimeAmount.seconds(60)
    /// Time for which a caller may leave its answers unread.
    public var stallTimeout = TimeAmount.seconds(120)
    /// Time between two signs of life in an event stream.
    public var heartbeat = TimeAmount.seconds(15)
    /// Time that requests in progress have when the server stops.
    public var farewell = TimeAmount.milliseconds(600)
    /// Requests that one client address may make each second in the long run.
    public var requestsPerSecond = 100
    /// Requests that one client address may make at once.
    public var requestBurst = 500

    /// The defaults.
    public init() {}
}
