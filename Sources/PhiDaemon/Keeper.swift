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
    /// Rounds after which the known addresses are written down, changed or not.
    private static let roundsBetweenWrites = 90

    /// Milliseconds between two changes of what peers see.
    private static let observation: UInt64 = 10 * 60 * 1_000

    private let engine: Engine
    private let folder: DataFolder
    private let seed: [UInt8]
    private let identity: VerifyingKey
    private let isLocal: Bool
    private let logger: Logger
    private var unresolved: [(peer: Configuration.Peer, way: WayIn)]
    private var record: OwnRecord?
    private var renewedAt: Timestamp = .zero
    private var written: UInt64 = 0
    private var observedAt: Timestamp = .zero
    /// Whether the operator named the addresses where the node is called.
    private var isAdvertised = false

    init(
        engine: Engine,
        folder: DataFolder,
        configuration: Configuration,
        seed: [UInt8],
        identity: VerifyingKey,
        logger: Logger
    ) {
        self.engine = engine
        self.folder = folder
        self.seed = seed
        self.identity = identity
        isLocal = configuration.policy.isLocal
        self.logger = logger
        isAdvertised = !configuration.advertise.isEmpty
        unresolved =
            configuration.peers.map { (peer: $0, way: .manual) }
            + configuration.linkPeers.map { (peer: $0, way: .link) }
            + configuration.seeds.map { (peer: $0, way: .seed) }
    }

    /// Starts the node's core, now that it is known where it can be called.
    func start(
        callableAt addresses: [PhiWire.PeerAddress],
        listeningAt listening: [PhiWire.PeerAddress] = []
    ) async {
        record = OwnRecord(
            seed: seed,
            chain: engine.network.chain,
            addresses: addresses,
            listening: listening
        )
        renewedAt = engine.clock.now
        let records = await restoreBook()
        await engine.start(ownRecord: makeRecord())
        if !records.isEmpty { await engine.handle(.remembered(records)) }
        await resolve()
    }

    /// Names a peer; its host is looked up until it is found.
    func add(host: String, port: Int, identity: VerifyingKey?, via way: WayIn) async {
        guard let port = UInt16(exactly: port) else { return }
        let address = PhiTransport.PeerAddress(host: host, port: port)
        unresolved.append((peer: Configuration.Peer(address, identity: identity), way: way))
        await resolve()
    }

    /// Peers for a meeting's link.
    func introductions() async -> [String] {
        Introductions.choose(
            identity,
            at: record?.addresses ?? [],
            peers: await engine.status.peers.map(Introductions.Candidate.init),
            isLocal: isLocal
        )
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
                await self.followObservers()
                let isDue = rounds % Self.roundsBetweenWrites == 0
                let isUrgent = await self.hasNewAnchors
                if isDue || isUrgent { await self.write() }
            }
        }
        await write()
    }

    private func resolve() async {
        let names = unresolved
        unresolved = []
        // A link that was made here names this node.
        for name in names where name.peer.identity != identity {
            guard let found = try? await name.peer.address.resolved(),
                let address = PhiWire.PeerAddress(found.description)
            else {
                logger.info(
                    "a peer's name is not known",
                    metadata: ["name": "\(name.peer.address)"]
                )
                unresolved.append(name)
                continue
            }
            await engine.handle(.addPeer(address, name.peer.identity, via: name.way))
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

    /// Takes back the addresses that were known; a damaged file costs no more than them.
    ///
    /// - Returns: The records in a file of an earlier version.
    private func restoreBook() async -> [NodeRecord] {
        do {
            guard let bytes = try folder.peers() else { return [] }
            do {
                try await engine.restore(book: bytes)
                return []
            } catch AddressBookFailure.otherFormat {
                let records = DataFolder.records(in: bytes)
                if !bytes.isEmpty, records.isEmpty { throw AddressBookFailure.damaged }
                return records
            }
        } catch {
            logger.warning(
                "the known peers are lost; others are learned of those that answer",
                metadata: ["error": "\(error)"]
            )
            return []
        }
    }

    /// Tells of the host that peers see this node at, where the operator named none.
    private func followObservers() async {
        let isEarly = engine.clock.now.since(observedAt) < Self.observation
        guard !isAdvertised, !isEarly, let observed = await engine.status.observedAddress,
            let made = record?.seen(at: observed)
        else { return }
        record = made
        renewedAt = engine.clock.now
        observedAt = renewedAt
        logger.info("peers see this node", metadata: ["host": "\(observed.host)"])
        if let made = makeRecord() { await engine.handle(.renewed(made)) }
    }

    private var hasNewAnchors: Bool {
        get async { await engine.anchorVersion != written }
    }

    private func write() async {
        let version = await engine.anchorVersion
        do {
            try folder.keep(peers: await engine.bookSnapshot)
            written = version
        } catch {
            logger.warning("the peers were not written", metadata: ["error": "\(error)"])
        }
    }
}
