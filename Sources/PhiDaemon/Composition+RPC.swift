import Logging
import PhiLedger
import PhiNode
import PhiRPC
import ServiceLifecycle

extension Composition {
    /// The program's version, as the node tells it.
    static let version = "0.1.0"

    /// The RPC interface over the node's parts.
    static func makeServer(
        configuration: Configuration,
        token: String,
        methods: RPCMethods,
        metrics: Exposition,
        logger: Logger
    ) throws -> RPCServer {
        var settings = RPCConfiguration(
            host: configuration.rpcHost,
            port: configuration.rpcPort,
            token: token,
            isPublic: configuration.isRPCPublic
        )
        settings.allowsInsecure = configuration.allowsInsecureRPC
        settings.certificate = configuration.certificate.map {
            RPCConfiguration.Certificate(chainPath: $0.chainPath, keyPath: $0.keyPath)
        }
        settings.hostNames = configuration.rpcHostNames
        settings.networkPrefix = configuration.network.prefix
        settings.isDevelopment = !configuration.network.parameters.retargets
        settings.version = version
        return try RPCServer(
            configuration: settings,
            backend: methods.backend(metrics: { metrics.text }),
            logger: logger
        )
    }

    /// What makes the RPC interface, now and again after a failure.
    static func serverMaker(
        configuration: Configuration,
        folder: DataFolder,
        access: NodeAccess,
        events: LedgerEvents,
        keystore: (any NodeKeystoreMethods)?,
        metrics: Exposition,
        logger: Logger
    ) throws -> @Sendable () throws -> RPCServer {
        let methods = RPCMethods(
            node: access,
            version: version,
            events: events,
            keystore: keystore
        )
        let token = try folder.rpcToken()
        return {
            try makeServer(
                configuration: configuration,
                token: token,
                methods: methods,
                metrics: metrics,
                logger: logger
            )
        }
    }

    /// The RPC interface, made anew when it fails after it once ran.
    var supervisedRPC: Supervised {
        let address = "\(configuration.rpcHost):\(configuration.rpcPort)"
        return Supervised("rpc", health: health, logger: logger) { [rpc, makeRPC] attempt in
            guard attempt == 0 else { return try await makeRPC().run() }
            do { try await rpc.run() } catch {
                throw CannotStart(
                    cause: NodeFailure.cannotListen(for: "RPC", at: address, error)
                )
            }
        }
    }
}

extension Composition {
    /// What the node's own keystore does by itself, once in each block interval.
    var supervisedKeystore: Supervised? {
        guard let keystore else { return nil }
        let pause = Duration.milliseconds(Int64(network.parameters.blockInterval))
        return Supervised("keystore", health: health, logger: logger) { _ in
            await cancelWhenGracefulShutdown {
                while !Task.isCancelled {
                    await keystore.tend()
                    try? await Task.sleep(for: pause)
                }
            }
        }
    }

    /// The methods that sign with the node's own keys, where the operator wants them.
    static func keystore(
        _ configuration: Configuration,
        folder: DataFolder,
        access: NodeAccess,
        logger: Logger
    ) throws -> (any NodeKeystoreMethods)? {
        guard configuration.usesNodeKeystore else { return nil }
        let clock = WallClock(offset: configuration.clockOffset)
        return try NodeKeystore(
            folder: folder.path,
            node: access,
            report: { failure in
                logger.error("the node's keystore failed", metadata: ["error": "\(failure)"])
            },
            now: { clock.now }
        )
    }
}
