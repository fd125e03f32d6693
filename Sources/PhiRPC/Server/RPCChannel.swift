import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import NIOWebSocket
import PhiAPI
import ServiceLifecycle

/// Sets one connection up and serves it, as HTTP or, once its first request asks for it, as a
/// WebSocket.
struct RPCChannel: ServerChildChannel {
    /// What the first request of a connection made of it.
    enum Kind: Sendable {
        /// Requests and answers, one after another.
        case http(NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>)
        /// Messages both ways, with who sends them.
        case webSocket(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, Caller)
    }

    /// A connection whose kind is not known yet.
    struct Value: ServerChildChannelValue {
        let kind: EventLoopFuture<Kind>
        let channel: any Channel
    }

    /// The server has no place left.
    struct Full: Error {}

    let context: RPCContext
    let certificates: NIOSSLContext?
    private let count: ConnectionCount

    init(context: RPCContext, certificates: NIOSSLContext?) {
        self.context = context
        self.certificates = certificates
        count = ConnectionCount(limit: context.limits.connections)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard count.enter() else {
            context.metrics.count(.refusedConnection)
            channel.eventLoop.execute { channel.close(promise: nil) }
            return channel.eventLoop.makeFailedFuture(Full())
        }
        let metrics = context.metrics
        metrics.setConnections(count.current)
        channel.closeFuture.whenComplete { [count] _ in
            count.leave()
            metrics.setConnections(count.current)
        }
        return channel.eventLoop.makeCompletedFuture { try configure(channel) }
    }

    private func configure(_ channel: any Channel) throws -> Value {
        let pipeline = channel.pipeline.syncOperations
        if let certificates {
            try pipeline.addHandler(NIOSSLServerHandler(context: certificates))
        }
        let gate = ArrivalGate(patience: context.limits.headerTimeout)
        try pipeline.addHandler(gate)
        let remote = RemoteEnd(channel.remoteAddress)
        let encoder = HTTPResponseEncoder()
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(
                leftOverBytesStrategy: .forwardBytes,
                limitConfiguration: Self.headerLimits
            )
        )
        let errors = HTTPServerProtocolErrorHandler()
        let filter = UpgradeFilter { [access = context.access] head in
            guard case .success(let caller) = access.judge(head, remote) else { return false }
            return access.admits(.open, caller)
        }
        let upgrade = NIOTypedHTTPServerUpgradeHandler(
            httpEncoder: encoder,
            extraHTTPHandlers: [decoder, errors, filter],
            upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
                upgraders: [upgrader(for: remote)],
                notUpgradingCompletionHandler: { [limits = context.limits] channel in
                    Self.makeHTTP(channel, limits)
                }
            )
        )
        try pipeline.addHandlers([encoder, decoder, errors, filter, upgrade])
        let kind = upgrade.upgradeResultFuture
        kind.assumeIsolated().whenComplete { _ in gate.open() }
        return Value(kind: kind, channel: channel)
    }

    /// What the header of a request may have.
    private static var headerLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 << 10
        limits.maxHeaderListSize = 32 << 10
        limits.maxHeaderFieldCount = 100
        return limits
    }

    private static func makeHTTP(
        _ channel: any Channel,
        _ limits: RPCLimits
    ) -> EventLoopFuture<Kind> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(HTTPPatience(limits: limits))
            return .http(
                try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)
                )
            )
        }
    }

    private func upgrader(for remote: RemoteEnd) -> NIOTypedWebSocketServerUpgrader<Kind> {
        let limits = context.limits
        let access = context.access
        return NIOTypedWebSocketServerUpgrader(
            maxFrameSize: limits.bodyBytes,
            shouldUpgrade: { channel, _ in
                channel.eventLoop.makeSucceededFuture(HTTPAnswer.securityHeaders)
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let caller = try access.judge(head, remote).get()
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(WebSocketPatience(limits: limits))
                    try pipeline.addHandler(
                        NIOWebSocketFrameAggregator(
                            minNonFinalFragmentSize: 1,
                            maxAccumulatedFrameCount: 1_024,
                            maxAccumulatedFrameSize: limits.bodyBytes
                        )
                    )
                    try pipeline.addHandler(WebSocketRefusal())
                    let wrapped = try NIOAsyncChannel<WebSocketFrame, WebSocketFrame>(
                        wrappingChannelSynchronously: channel
                    )
                    return .webSocket(wrapped, caller)
                }
            }
        )
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(value.channel.eventLoop)) {
            do {
                try await serve(value)
            } catch {
                logger.trace("connection ended early", metadata: ["reason": "\(error)"])
                value.channel.close(promise: nil)
            }
        }
    }

    private func serve(_ value: Value) async throws {
        switch try await value.kind.get() {
        case .http(let channel):
            let remote = RemoteEnd(value.channel.remoteAddress)
            await HTTPConnection(context: context, remote: remote).serve(channel)
        case .webSocket(let channel, let caller):
            await WebSocketSession(context: context, caller: caller).serve(channel)
        }
    }
}

/// The other end of a connection.
struct RemoteEnd: Sendable {
    let address: String
    let isLoopback: Bool
    let meter: String

    init(_ address: SocketAddress?) {
        self.address = address?.ipAddress ?? ""
        isLoopback = HostName.isLoopback(self.address)
        meter = HostName.meter(self.address)
    }
}
