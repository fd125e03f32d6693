import Logging
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiNode
import PhiRPC
import PhiTransport
import PhiWire
import ServiceLifecycle

/// The parts of one node, made from its settings and not yet running.
final class Composition: Sendable {
    let configuration: Configuration
    let identity: VerifyingKey
    let network: Network
    let engine: Engine
    let peerNetwork: PeerNetwork
    let miner: Miner
    let keeper: Keeper
    let seed: [UInt8]
    let rpc: RPCServer
    let health = PartHealth()
    let stopper = Stopper()
    let events: LedgerEvents
    let access: NodeAccess
    let keystore: (any NodeKeystoreMethods)?
    let makeRPC: @Sendable () throws -> RPCServer
    let logger: Logger

    init(
        configuration: Configuration,
        folder: DataFolder,
        metrics: Exposition,
        logger: Logger
    ) throws {
        self.configuration = configuration
        self.logger = logger
        network = configuration.network
        seed = try folder.identitySeed()
        let transportIdentity = try TransportIdentity(seed: seed)
        identity = transportIdentity.verifyingKey
        events = LedgerEvents(network: network)
        engine = try Self.makeEngine(
            configuration: configuration,
            identity: transportIdentity.verifyingKey,
            folder: folder,
            events: events,
            telemetry: Telemetry(metrics),
            logger: logger
        )
        peerNetwork = Self.makePeerNetwork(
            transportIdentity,
            engine: engine,
            configuration: configuration,
            logger: logger
        )
        let (isMining, duty) = (configuration.isMining, configuration.miningDuty)
        miner = Miner(engine: engine, isOn: isMining, duty: duty, logger: logger)
        keeper = Keeper(
            engine: engine,
            folder: folder,
            configuration: configuration,
            seed: seed,
            identity: identity,
            logger: logger
        )
        access = Self.access(
            engine: engine,
            peerNetwork: peerNetwork,
            miner: miner,
            keeper: keeper,
            identity: identity,
            stopper: stopper,
            health: health
        )
        keystore = try Self.keystore(configuration, folder: folder, access: access, logger: logger)
        makeRPC = try Self.serverMaker(
            configuration: configuration,
            folder: folder,
            access: access,
            events: events,
            keystore: keystore,
            metrics: metrics,
            logger: logger
        )
        rpc = try makeRPC()
        warnOfTrial()
    }

    private func warnOfTrial() {
        guard configuration.clockOffset != 0 else { return }
        logger.warning(
            "the clock is set wrong for a trial",
            metadata: ["milliseconds": "\(configuration.clockOffset)"]
        )
    }

    /// The connections to peers.
    var listening: PeerListening {
        PeerListening(network: peerNetwork, addresses: configuration.listen)
    }

    /// The live events, told to whoever follows.
    var supervisedEvents: Supervised {
        Supervised("events", health: health, logger: logger) { [events, access] _ in
            await cancelWhenGracefulShutdown { await events.run(node: access) }
        }
    }

    /// The miner, started again when it fails.
    var supervisedMiner: Supervised {
        Supervised("miner", health: health, logger: logger) { [miner] _ in
            try await miner.run()
        }
    }

    private static func makeEngine(
        configuration: Configuration,
        identity: VerifyingKey,
        folder: DataFolder,
        events: LedgerEvents,
        telemetry: Telemetry,
        logger: Logger
    ) throws -> Engine {
        try folder.check(configuration.network)
        let store = try LevelDBStore(path: folder.ledger)
        try StoreFormat.prepare(store, network: configuration.network)
        try folder.claim(for: configuration.network)
        let node = try Node(
            store: store,
            network: configuration.network,
            identity: identity,
            policy: configuration.policy,
            seed: UInt64.random(in: 0...UInt64.max)
        )
        return Engine(
            node: node,
            store: store,
            network: configuration.network,
            events: events,
            telemetry: telemetry,
            peerLimit: configuration.policy.inboundPeers + configuration.policy.outboundPeers
                + configuration.policy.quietPeers + configuration.peers.count,
            clock: WallClock(offset: configuration.clockOffset),
            logger: logger
        )
    }

    /// Callers beyond the node's own limit that get a handshake, so that it can choose who goes.
    private static let inboundHeadroom = 8

    private static func makePeerNetwork(
        _ identity: TransportIdentity,
        engine: Engine,
        configuration: Configuration,
        logger: Logger
    ) -> PeerNetwork {
        let parameters = engine.network.parameters
        var policy = TransportPolicy()
        policy.uploadLimit = configuration.uploadLimit
        policy.downloadLimit = configuration.downloadLimit
        policy.maximumInbound = configuration.policy.inboundPeers + Self.inboundHeadroom
        return PeerNetwork(
            identity: identity,
            listeningOn: configuration.listen,
            policy: policy,
            bodyLimit: MessageType.bodyLimit(forType:),
            events: PeerEvents(
                opened: { await engine.opened($0) },
                received: { connection, frame in
                    await engine.received(frame, from: connection, parameters: parameters)
                },
                closed: { await engine.closed($0, $1) },
                dialFailed: { address, _ in await engine.dialFailed(address) },
                handshakeFailed: { engine.telemetry.countFailedHandshake() }
            ),
            logger: logger
        )
    }
}

extension Engine {
    /// Decodes a frame on the peer's own task and hands the message over.
    nonisolated func received(
        _ frame: Frame,
        from connection: PeerConnection,
        parameters: NetworkParameters
    ) async {
        do throws(WireFailure) {
            let message = try Message.decode(
                type: frame.type,
                body: frame.body,
                parameters: parameters
            )
            await handle(.received(connection.id, message))
        } catch {
            if case .unknownType = error { telemetry.countUnknownMessage() }
            await handle(.malformed(connection.id, error))
        }
    }

    /// Tells that a call was not answered.
    nonisolated func dialFailed(_ address: PhiTransport.PeerAddress) async {
        guard let place = PhiWire.PeerAddress(address.description) else { return }
        await handle(.dialFailed(place))
    }
}
