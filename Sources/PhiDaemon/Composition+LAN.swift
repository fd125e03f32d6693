import PhiLedger
import PhiTransport
import PhiWire
import ServiceLifecycle

extension Composition {
    /// The search on the local network, where it is wanted.
    var supervisedLAN: Supervised? {
        guard configuration.searchesLAN else { return nil }
        let told = configuration.advertise.compactMap { PhiWire.PeerAddress($0.description) }
        let discovery = LANDiscovery(
            engine: engine,
            network: peerNetwork,
            own: OwnRecord(seed: seed, chain: network.chain, addresses: told),
            identity: identity,
            interfaces: configuration.lanInterfaces,
            logger: logger
        )
        return Supervised("lan", health: health, logger: logger) { _ in
            try await cancelWhenGracefulShutdown { try await discovery.run() }
        }
    }
}
