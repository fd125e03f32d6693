import Logging
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTransport
import PhiWire

/// Finds nodes of the network on the local network, and is found there.
actor LANDiscovery {
    /// The pause before the first question, so that kinder ways in come first.
    private static let firstPause = Duration.milliseconds(200)
    /// The pause between two questions.
    private static let round = Duration.seconds(60)
    /// Peers with which a node no longer asks.
    private static let enoughPeers = 4

    private let engine: Engine
    private let network: PeerNetwork
    private let own: OwnRecord
    private let identity: VerifyingKey
    private let interfaces: [String]
    private let logger: Logger
    private var nonces: [UInt128] = []
    private var answers = AnswerBudget()
    private var taken = AnswerBudget()

    /// A search that has not begun.
    ///
    /// - Parameters:
    ///   - engine: Is told what was found.
    ///   - network: Knows where this node takes connections.
    ///   - own: Signs this node's record; its addresses are told where no better are known.
    ///   - identity: The key of this node.
    ///   - interfaces: Where to search; empty is everywhere but on the machine itself.
    ///   - logger: Where links are told of that cannot be used.
    init(
        engine: Engine,
        network: PeerNetwork,
        own: OwnRecord,
        identity: VerifyingKey,
        interfaces: [String],
        logger: Logger
    ) {
        self.engine = engine
        self.network = network
        self.own = own
        self.identity = identity
        self.interfaces = interfaces
        self.logger = logger
    }

    /// Asks and answers until it is cancelled; whenever the machine's links change, on the new ones.
    func run() async throws {
        let bound = try await network.boundAddresses()
        try? await Task.sleep(for: Self.firstPause)
        while !Task.isCancelled {
            let links = try LANLink.all(named: interfaces)
            let groups = LANSockets.Groups(
                version4: LANBeacon.group4.host,
                version6: LANBeacon.group6.host,
                port: LANBeacon.port
            )
            let sockets = await LANSockets.open(on: links, groups: groups, logger: logger)
            if sockets.links.isEmpty {
                logger.warning("no link of this machine can be searched for neighbors")
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.hear(sockets, bound) }
                group.addTask { await self.ask(sockets, bound, while: links) }
                await group.next()
                group.cancelAll()
            }
            await sockets.close()
        }
    }

    private func ask(
        _ sockets: LANSockets,
        _ bound: [PhiTransport.PeerAddress],
        while links: [LANLink]
    ) async {
        while !Task.isCancelled, (try? LANLink.all(named: interfaces)) ?? links == links {
            if await engine.status.peers.count < Self.enoughPeers {
                nonces = sockets.links.map { _ in UInt128.random(in: 0...UInt128.max) }
                for (link, nonce) in zip(sockets.links, nonces) {
                    let beacon = LANBeacon(
                        nonce: nonce,
                        listenPort: places(on: link, bound).first?.port ?? 0,
                        chain: engine.network.chain,
                        now: WallClock.now
                    )
                    sockets.ask(beacon.encoded, on: link)
                }
            }
            try? await Task.sleep(for: Self.round)
        }
    }

    private func hear(_ sockets: LANSockets, _ bound: [PhiTransport.PeerAddress]) async {
        for await datagram in sockets.datagrams {
            let outcome: LANOutcome
            if let link = datagram.link, let source = Self.place(datagram.source) {
                outcome =
                    datagram.isToGroup
                    ? answer(datagram, from: source, on: link, sockets, bound)
                    : await learn(datagram.bytes, from: source)
            } else {
                outcome = .offLink
            }
            engine.telemetry.count(outcome)
        }
    }

    private func answer(
        _ datagram: LANDatagram,
        from source: PhiWire.PeerAddress,
        on link: LANLink,
        _ sockets: LANSockets,
        _ bound: [PhiTransport.PeerAddress]
    ) -> LANOutcome {
        let now = WallClock.now
        guard let beacon = try? LANBeacon(decoding: datagram.bytes) else { return .malformed }
        guard !nonces.contains(beacon.nonce) else { return .own }
        guard beacon.asks(for: engine.network.chain, now: now) else { return .otherNetwork }
        guard answers.take(for: source.address, now: now) else { return .limited }
        var record = own
        let places = places(on: link, bound)
        if !places.isEmpty { record.addresses = places }
        guard let made = try? record.made(at: now) else { return .notCallable }
        sockets.answer(datagram, with: made.encoded)
        return .answered
    }

    private func learn(
        _ bytes: [UInt8],
        from source: PhiWire.PeerAddress
    ) async -> LANOutcome {
        let now = WallClock.now
        guard taken.take(for: source.address, now: now) else { return .limited }
        guard let record = try? NodeRecord(decoding: bytes) else { return .malformed }
        guard record.identity != identity else { return .own }
        do {
            try record.check(
                chain: engine.network.chain,
                now: now,
                receivedFrom: source,
                isLocalNetwork: false
            )
        } catch { return .badRecord }
        guard record.flags.contains(.dialable) else { return .badRecord }
        for address in record.addresses where !address.isLoopback || source.isLoopback {
            await engine.handle(.addPeer(address, record.identity, via: .lan))
        }
        return .learned
    }

    /// Where a neighbor on a link can call this node.
    private func places(
        on link: LANLink,
        _ bound: [PhiTransport.PeerAddress]
    ) -> [PhiWire.PeerAddress] {
        bound.flatMap { address -> [PhiWire.PeerAddress] in
            guard let place = Self.place(address) else { return [] }
            // Who listens everywhere by IPv6 is called by IPv4 as well.
            let hosts = link.hosts.filter { host in
                place.isUnspecified
                    ? !host.contains(":") || address.host.contains(":") : host == address.host
            }
            return hosts.compactMap {
                Self.place(PhiTransport.PeerAddress(host: $0, port: address.port))
            }
        }
    }

    private static func place(_ address: PhiTransport.PeerAddress) -> PhiWire.PeerAddress? {
        PhiWire.PeerAddress(address.description)
    }
}
