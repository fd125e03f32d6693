public import Logging
import Metrics
import PhiAPI
import PhiChain
public import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiNode
import PhiRPC
import PhiTransport
import PhiWire
import ServiceLifecycle
import UnixSignals

/// A whole node: its parts composed, started in order and ended in order.
public enum Daemon {
    /// What the node tells once it can be reached.
    public struct Announcement: Sendable {
        /// The node's identity towards peers.
        public let identity: VerifyingKey
        /// Where it listens for peers, ports resolved.
        public let peers: [String]
        /// Where it listens for RPC, port resolved.
        public let rpc: String
        /// The network's genesis hash.
        public let chain: Digest
    }

    /// Seconds that parts have to end before they are cancelled.
    private static let shutdownPatience = 5

    /// Runs a node until a signal ends it, or it cannot go on.
    ///
    /// - Parameters:
    ///   - configuration: Valid settings.
    ///   - metrics: Where the counters are; bootstrapped by the caller once for the process.
    ///   - logger: Where the node writes lines for the operator.
    ///   - announce: Is told once where the node can be reached.
    /// - Throws: Why the node did not start, or could not go on.
    public static func run(
        _ configuration: Configuration,
        metrics: Exposition,
        logger: Logger,
        announce: @escaping @Sendable (Announcement) -> Void
    ) async throws {
        let folder: DataFolder
        do { folder = try DataFolder(configuration.dataFolder) } catch {
            throw NodeFailure.explain(error)
        }
        var isDone = false
        while !isDone {
            do {
                try await runOnce(configuration, folder, metrics, logger, announce)
                isDone = true
            } catch let halted as NodeHalted {
                guard case .rewind(let fork) = halted.reason else {
                    throw try explained(halted, in: folder)
                }
                try rewind(folder, to: fork, logger: logger)
            } catch { throw NodeFailure.explain(error) }
        }
    }

    private static func runOnce(
        _ configuration: Configuration,
        _ folder: DataFolder,
        _ metrics: Exposition,
        _ logger: Logger,
        _ announce: @escaping @Sendable (Announcement) -> Void
    ) async throws {
        let composition = try Composition(
            configuration: configuration,
            folder: folder,
            metrics: metrics,
            logger: logger
        )
        let group = ServiceGroup(
            configuration: groupConfiguration(composition, logger: logger, announce: announce)
        )
        composition.stopper.set { await group.triggerGracefulShutdown() }
        try await group.run()
    }

    /// Writes down what the operator has to decide, and says it.
    private static func explained(
        _ halted: NodeHalted,
        in folder: DataFolder
    ) throws -> NodeFailure {
        if case .deepReorganization(let fork, _, let tip) = halted.reason {
            try folder.keep(PendingReorganization(block: tip, fork: fork))
        }
        guard case .deepReorganization = halted.reason else {
            return NodeFailure(description: halted.description)
        }
        return NodeFailure(description: halted.description + " --data \(folder.path)")
    }

    private static func rewind(
        _ folder: DataFolder,
        to fork: Height,
        logger: Logger
    ) throws {
        logger.warning("the chain is taken back", metadata: ["height": "\(fork)"])
        let evidence = try Rewind.run(
            in: folder.path,
            to: fork,
            progress: { _ in }
        )
        try folder.clearPendingReorganization()
        logger.warning("the old chain is kept", metadata: ["folder": "\(evidence)"])
    }

    private static func groupConfiguration(
        _ composition: Composition,
        logger: Logger,
        announce: @escaping @Sendable (Announcement) -> Void
    ) -> ServiceGroupConfiguration {
        var services: [any Service] = [
            SignalWatch(), composition.engine, composition.listening, composition.keeper,
            composition.supervisedEvents, composition.supervisedMiner,
            composition.supervisedRPC,
        ]
        if let search = composition.supervisedLAN { services.append(search) }
        if let keystore = composition.supervisedKeystore { services.append(keystore) }
        services.append(Greeting(composition: composition, announce: announce))
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: $0,
                    successTerminationBehavior: $0 is Greeting ? .ignore : .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup
                )
            },
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(shutdownPatience)
        return configuration
    }
}
