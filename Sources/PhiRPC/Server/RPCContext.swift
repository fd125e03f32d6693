import Logging
import NIOCore
import PhiAPI

/// What all connections of one server share.
struct RPCContext: Sendable {
    let configuration: RPCConfiguration
    let backend: RPCBackend
    let limiter: RateLimiter
    let access: AccessRules
    let dispatcher: RPCDispatcher
    let metrics: RPCMetrics
    let discovery: [UInt8]
    let logger: Logger

    var limits: RPCLimits { configuration.limits }

    init(configuration: RPCConfiguration, backend: RPCBackend, logger: Logger) {
        self.configuration = configuration
        self.backend = backend
        self.logger = logger
        let limits = configuration.limits
        limiter = RateLimiter(perSecond: limits.requestsPerSecond, burst: limits.requestBurst)
        access = AccessRules(configuration: configuration)
        metrics = RPCMetrics()
        discovery =
            OpenRPC.document(
                version: configuration.version,
                includesDevelopment: configuration.isDevelopment
            ).serialized()
        dispatcher = RPCDispatcher(
            backend: backend,
            configuration: configuration,
            limiter: limiter,
            discovery: discovery,
            metrics: metrics
        )
    }
}
