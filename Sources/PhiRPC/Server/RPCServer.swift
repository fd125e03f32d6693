import HummingbirdCore
public import Logging
import NIOCore
import NIOSSL
public import ServiceLifecycle

/// JSON-RPC over HTTP and WebSocket, live events, and the node's signs of life, on one port.
public final class RPCServer: Service {
    private let context: RPCContext
    private let certificates: NIOSSLContext?
    private let bound = BoundPort()

    /// Checks the configuration and reads the certificate; no socket is opened yet.
    public init(
        configuration: RPCConfiguration,
        backend: RPCBackend,
        logger: Logger
    ) throws(RPCStartFailure) {
        try configuration.validate()
        context = RPCContext(configuration: configuration, backend: backend, logger: logger)
        certificates = try configuration.certificate.map(Self.read)
    }

    /// The port that the server listens at, once it does.
    public var port: Int {
        get async throws(RPCStartFailure) { try await bound.value() }
    }

    /// Serves until the service group shuts down.
    public func run() async throws {
        let configuration = context.configuration
        let channel = RPCChannel(context: context, certificates: certificates)
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                backlog: Self.backlog
            ),
            onServerRunning: { [bound] channel in
                bound.settle(.success(channel.localAddress?.port ?? configuration.port))
            },
            eventLoopGroup: LoopExecutor.loops,
            logger: context.logger
        )
        defer { bound.settle(.failure(.stopped)) }
        do {
            try await server.run()
        } catch {
            let failure = RPCStartFailure.cannotListen(reason: "\(error)")
            bound.settle(.failure(failure))
            throw failure
        }
    }

    /// Connections that the system keeps until they are accepted.
    private static let backlog = 1_024

    private static func read(
        _ files: RPCConfiguration.Certificate
    ) throws(RPCStartFailure) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.chainPath)
            let key = try NIOSSLPrivateKey(file: files.keyPath, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            configuration.shutdownTimeout = .milliseconds(200)
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badCertificate(reason: "\(error)")
        }
    }
}
