import Logging
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTransport
import PhiWire
import ServiceLifecycle

/// Does what a node does now and then: keeps its peers, renews its record, sets its gauges.
actor Keeper: Service {
    /// Seconds between two rounds.
    private static let round = 10
    /// Rounds after which the known peers are written down.
    private static let roundsBetweenWrites = 6

    private let engine: Engine
    private let folder: DataFolder
    private let seed: [UInt8]
    private let logger: Logger
    private var unresolved: [(address: PhiTransport.PeerAddress, identity: VerifyingKey?)]
    private var record: OwnRecord?
    private var renewedAt: Timestamp = .zero
    private var written: [NodeRecord] = []

    init(
        engine: Engine,
        folder: DataFolder,
        configuration: Configuration,
        seed: [UInt8],
        logger: Logger
    ) {
        self.engine = engine
        self.folder = folder
        self.seed = seed
        self.logger = logger
        unresolved = configuration.peers.map { (address: $0.address, identity: $0.identity) }
    }

    /// Starts the node's core, now that it is known where it can be called.
    func start(callableAt addresses: [PhiWire.PeerAddress]) async {
        record = OwnRecord(seed: seed, chain: engine.network.chain, addresses: addresses)
        renewedAt = engine.clock.now
        await engine.start(ownRecord: makeRecord())
        let known = folder.peers()
        if !known.isEmpty { await engine.handle(.remembered(known)) }
        await resolve()
    }

    /// Names a peer; its host is looked up until it is found.
    func add(host: String, port: Int, identity: VerifyingKey?) async {
        guard let port = UInt16(exactly: port) else { return }
        let address = PhiTransport.PeerAddress(host: host, port: port)
        unresolved.append((address: address, identity: identity))
        await resolve()
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var rounds = 0
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(Self.round))
                guard !Task.isCancelled else { break }
                rounds += 1
                await self.resolve()
                await self.renew()
                self.engine.telemetry.observe(await self.engine.status)
                if rounds % Self.roundsBetweenWrites == 0 { await self.write() }
            }
        }
        await write()
    }

    private func resolve() async {
        let names = unresolved
        unresolved = []
        for name in names {
            guard let found = try? await name.address.resolved(),
                let address = PhiWire.PeerAddress(found.description)
            else {
                logger.info("a peer's name is not known", metadata: ["name": "\(name.address)"])
                unresolved.append(name)
                continue
            }
            await engine.handle(.addPeer(address, name.identity))
        }
    }

    private func renew() async {
        guard engine.clock.now.since(renewedAt) >= OwnRecord.renewal else { return }
        renewedAt = engine.clock.now
        if let made = makeRecord() { await engine.handle(.renewed(made)) }
    }

    private func makeRecord() -> NodeRecord? {
        do { return try record?.made(at: engine.clock.now) } catch {
            logger.error("the node record was not signed", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func write() async {
        let records = await engine.knownRecords
        guard records != written else { return }
        do {
            try folder.keep(records)
            written = records
        } catch {
            logger.warning("the peers were not written", metadata: ["error": "\(error)"])
        }
    }
}
